package dev.sluice.dev.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ApprovalRoundsTest {
  private final ApprovalRounds rounds = new ApprovalRounds(2, 100);

  private static Map<String, Double> figures(double min, double median, double max) {
    return Map.of("min", min, "median", median, "max", max);
  }

  @Test
  void shouldCompareCommandsRecordsAndApprovalsEachWithTheirOwnReference() {
    rounds.add(2, 800, 2000, new CpuTime(4_000_000, 8_000_000), 1600, 2000);
    rounds.addFloor(new Floor.Rate(200, new CpuTime(1_000_000, 2_000_000)));
    rounds.add(1, 400, 1000, new CpuTime(6_000_000, 8_000_000), 400, 1000);
    rounds.addFloor(new Floor.Rate(100, new CpuTime(3_000_000, 2_000_000)));

    var measurement = rounds.measurement("approvals", 10, rounds.found());
    assertThat(measurement.measured().values()).isEqualTo(figures(50, 75, 100));
    assertThat(measurement.ratio().values()).isEqualTo(figures(0.25, 0.625, 1));
    var more = measurement.more();
    assertThat(more.get("commandsPerApproval")).isEqualTo(6.0);
    assertThat(more.get("recordsPerApproval")).isEqualTo(15.0);
    assertThat(more.get("recordsPerSecond")).isEqualTo(figures(1000, 1000, 1000));
    assertThat(more.get("ratioRecords")).isEqualTo(figures(0.5, 0.75, 1));
    assertThat(more.get("streamCpuUsPerApproval")).isEqualTo(figures(40, 50, 60));
    assertThat(more.get("processCpuUsPerApproval")).isEqualTo(figures(80, 80, 80));
    assertThat(more.get("floorInputsPerSecond")).isEqualTo(figures(100, 150, 200));
    assertThat(more.get("ratioFloor")).isEqualTo(figures(0.25, 0.625, 1));
    assertThat(more.get("floorStreamCpuUsPerInput")).isEqualTo(figures(10, 20, 30));
  }

  @Test
  void shouldLeaveOutAReferenceThatWasNotMeasured() {
    rounds.add(2, 800, 2000, new CpuTime(0, 0), 1600, 2000);
    rounds.add(2, 800, 2000, new CpuTime(0, 0), 1600, 2000);

    assertThat(rounds.found()).doesNotContainKey("ratioFloor");
    assertThat(rounds.last()).contains("round 2 of 2").doesNotContain("without work");
  }
}
