package dev.sluice.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.check.Finding.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VersionsTest {
  private static final Short ONE = 1;

  @Test
  void shouldFailWhereTheBrokersCannotShareOutTheWorkAsConfigured() {
    assertThat(Versions.of("streams", Map.of("metadata.version", ONE)).verdict())
        .isEqualTo(Verdict.FAILED);
    assertThat(Versions.of("streams", Map.of("streams.version", ONE)).verdict())
        .isEqualTo(Verdict.OK);
  }

  @Test
  void shouldAskTheClassicProtocolForNoFeature() {
    assertThat(Versions.of("classic", Map.of("metadata.version", ONE)).verdict())
        .isEqualTo(Verdict.OK);
  }

  @Test
  void shouldWarnWhereTheBrokersDoNotSay() {
    assertThat(Versions.of("classic", Map.of()).verdict()).isEqualTo(Verdict.WARNING);
  }
}
