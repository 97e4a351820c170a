package dev.sluice.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Finding OK = Finding.ok("kafka", "answers");
  private static final Finding WARNING =
      Finding.warning("data.dir", "is nearly full", "make space");
  private static final Finding FAILED = Finding.failed("topic x", "has cleanup.policy=delete");

  @Test
  void shouldGiveEachFindingALineWithItsRemedy() {
    assertThat(new Report(List.of(OK, WARNING, FAILED)).lines())
        .containsExactly(
            "ok       kafka     answers",
            "warning  data.dir  is nearly full: make space",
            "FAILED   topic x   has cleanup.policy=delete",
            "a worker could not start: 1 ok, 1 warning, 1 failed");
  }

  @Test
  void shouldGiveEachFindingAJsonObject() {
    assertThat(new Report(List.of(OK, WARNING)).json())
        .containsExactly(
            "{\"kind\":\"check\",\"what\":\"kafka\",\"verdict\":\"ok\",\"says\":\"answers\","
                + "\"remedy\":null}",
            "{\"kind\":\"check\",\"what\":\"data.dir\",\"verdict\":\"warning\","
                + "\"says\":\"is nearly full\",\"remedy\":\"make space\"}");
  }

  @Test
  void shouldFailForFailuresAlone() {
    assertThat(new Report(List.of(OK, WARNING)).failed()).isFalse();
    assertThat(new Report(List.of(OK, FAILED)).failed()).isTrue();
  }
}
