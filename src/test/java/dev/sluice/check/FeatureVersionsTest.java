package dev.sluice.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.check.Finding.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeatureVersionsTest {
  private static final Short ONE = 1;

  @Test
  void shouldFailWhereTheBrokersCannotShareOutTheWorkAsConfigured() {
    assertThat(FeatureVersions.of("streams", Map.of("metadata.version", ONE)).verdict())
        .isEqualTo(Verdict.FAILED);
    assertThat(FeatureVersions.of("streams", Map.of("streams.version", ONE)).verdict())
        .isEqualTo(Verdict.OK);
  }

  @Test
  void shouldAskTheClassicProtocolForNoFeature() {
    assertThat(FeatureVersions.of("classic", Map.of("metadata.version", ONE)).verdict())
        .isEqualTo(Verdict.OK);
  }

  @Test
  void shouldWarnWhereTheBrokersDoNotSay() {
    assertThat(FeatureVersions.of("classic", Map.of()).verdict()).isEqualTo(Verdict.WARNING);
  }
}
