package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.check.CheckRunner;
import dev.sluice.check.Finding.Verdict;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Events;
import dev.sluice.operator.OperatorException;
import dev.sluice.testing.Resource;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Partitions added to an input whose state is there. */
@Execution(ExecutionMode.CONCURRENT) // mostly waiting
@ResourceLock(value = Resource.FAILURE_LOG, mode = ResourceAccessMode.READ)
class AddedPartitionsIT {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  @ParameterizedTest
  @CsvSource({
    "classic, events, .product-events, 2",
    "streams, events, .product-events, 2",
    "classic, updates, -access-updates-repartition, 1",
    "streams, updates, -access-updates-repartition, 1"
  })
  void shouldEndAndNotStartAgain(String protocol, String name, String topicEnd, int before)
      throws Exception {
    var id = name + "-" + protocol;
    var topic = id + topicEnd;
    var config =
        CLUSTER.config(
            id, // A client would not hear of the new partitions otherwise, before the test is over.
            Map.of("group.protocol", protocol, "kafka.metadata.max.age.ms", "1000"));
    var says =
        "topic %s has 4 partitions, but the state was made with %d (as ".formatted(topic, before);
    try (var admin = Admin.create(config.clientConfig());
        var worker = Workers.running(config)) {
      Workers.publish(
          config,
          Events.published("p1", "one", Events.sources("s1")),
          Events.approved("p1", "r1", "ana"));
      Workers.awaitCommands(config, 1);

      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(4))).all().get();

      assertThat(Workers.endOf(worker)).hasMessageContaining(says);
      assertThat(worker.status().unsettled()).as("no try was made in between").isNull();
    }

    assertThatThrownBy(() -> Workers.start(config))
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining(says)
        .hasMessageContaining("partitions were added");
    assertThat(failed(config)).contains("partitions").doesNotContain("topic " + topic);
  }

  private static java.util.List<String> failed(SluiceConfig config) {
    return CheckRunner.run(config).findings().stream()
        .filter(f -> f.verdict() == Verdict.FAILED)
        .peek(f -> assertThat(f.text()).contains("partitions, but the state was made with"))
        .map(f -> f.what())
        .toList();
  }
}
