package dev.sluice.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckReportTest {
  private static final Finding OK = Finding.ok("kafka", "answers");
  private static final Finding WARNING =
      Finding.warning("data.dir", "is nearly full", "free some space");
  private static final Finding FAILED = Finding.failed("topic x", "has cleanup.policy=delete");

  @Test
  void shouldGiveEachFindingALineWithItsRemedy() {
    assertThat(new CheckReport(List.of(OK, WARNING, FAILED)).lines())
        .containsExactly(
            "ok       kafka     answers",
            "warning  data.dir  is nearly full: free some space",
            "FAILED   topic x   has cleanup.policy=delete",
            "a worker could not start: 1 ok, 1 warning, 1 failed");
  }

  @Test
  void shouldGoOnBelowWhereSeveralLinesAreSaid() {
    var says = Finding.failed("kafka", "topic a is missing\ntopic b is missing");
    var remedy = Finding.failed("state", "was lost", "do either:\n  begin anew\n  restore it");

    assertThat(new CheckReport(List.of(says, remedy)).lines())
        .startsWith(
            "FAILED   kafka  topic a is missing",
            "                topic b is missing",
            "FAILED   state  was lost: do either:",
            "                  begin anew",
            "                  restore it");
  }

  @Test
  void shouldLetNoTextOfOthersMakeALine() {
    var finding =
        Finding.failed("kafka", "cannot be reached: " + Finding.quoting("gone\nok  kafka\r"), "x");

    assertThat(new CheckReport(List.of(finding)).lines())
        .hasSize(2)
        .startsWith("FAILED   kafka  cannot be reached: gone\\u000aok  kafka\\u000d: x");
  }

  @Test
  void shouldGiveEachFindingAJsonObject() {
    assertThat(new CheckReport(List.of(OK, WARNING)).json())
        .containsExactly(
            "{\"kind\":\"check\",\"what\":\"kafka\",\"verdict\":\"ok\",\"says\":\"answers\","
                + "\"remedy\":null}",
            "{\"kind\":\"check\",\"what\":\"data.dir\",\"verdict\":\"warning\","
                + "\"says\":\"is nearly full\",\"remedy\":\"free some space\"}");
  }

  @Test
  void shouldFailForFailuresAlone() {
    assertThat(new CheckReport(List.of(OK, WARNING)).failed()).isFalse();
    assertThat(new CheckReport(List.of(OK, FAILED)).failed()).isTrue();
  }
}
