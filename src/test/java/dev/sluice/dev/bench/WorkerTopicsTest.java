package dev.sluice.dev.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerTopicsTest {

  @Test
  void shouldNameWhatTheWorkerWritesAndNothingElse() {
    assertThat(
            WorkerTopics.written(
                List.of(
                    "b-1-members-changelog",
                    "b-1-access-updates-repartition",
                    "b-1-access-commands-bare",
                    "b-10-members-changelog",
                    "b-1-product-events"),
                "b-1",
                "b-1-"))
        .containsExactlyInAnyOrder(
            "b-1-access-commands",
            "b-1-product-status",
            "b-1-request-status",
            "b-1-rejected-events",
            "b-1-members-changelog",
            "b-1-access-updates-repartition");
  }
}
