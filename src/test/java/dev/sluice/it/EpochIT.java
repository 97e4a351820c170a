package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.check.CheckRunner;
import dev.sluice.check.Finding;
import dev.sluice.check.Finding.Verdict;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Events;
import dev.sluice.operator.OperatorException;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.Resource;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Another application.id over output topics that hold something. */
@Execution(ExecutionMode.CONCURRENT) // mostly waiting
@ResourceLock(value = Resource.FAILURE_LOG, mode = ResourceAccessMode.READ)
class EpochIT {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static SluiceConfig config(String prefix, String id, int epoch) {
    return CLUSTER.config(
        id,
        Map.of(
            "topic.prefix",
            prefix,
            "schema.registry.url",
            "mock://" + prefix,
            "http.host",
            "127.0.0.1",
            "commands.epoch",
            Integer.toString(epoch)));
  }

  private static List<Finding> failed(SluiceConfig config) {
    return CheckRunner.run(config).findings().stream()
        .filter(f -> f.verdict() == Verdict.FAILED)
        .toList();
  }

  /** The newest command of each key, by epoch and revision, as a consumer keeps it. */
  private static Map<String, AccessCommand> kept(CommittedLog log) {
    var order = Comparator.comparing(AccessCommand::getEpoch).thenComparing(c -> c.getRevision());
    var kept = new HashMap<String, AccessCommand>();
    for (var command : log.commands) {
      kept.merge(
          command.getUserId() + "|" + command.getSourceId(),
          command,
          (before, now) -> order.compare(now, before) > 0 ? now : before);
    }
    return kept;
  }

  @Test
  void shouldRefuseAnotherApplicationIdUntilItBeginsAnewInTheNextEpoch() throws Exception {
    var first = config("e.", "first", 0);
    try (var worker = Workers.running(first)) {
      Workers.publish(
          first,
          Events.published("p1", "one", Events.sources("s1")),
          Events.approved("p1", "r1", "ana"),
          Events.approved("p1", "r2", "ben"),
          Events.revoked("p1", "r1", "ana"));
      Workers.awaitCommands(first, 3);
      worker.failIfEnded();
    }
    Workers.running(first).close();

    var second = config("e.", "second", 0);
    assertThatThrownBy(() -> Workers.start(second))
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("group second (application.id) is new")
        .hasMessageContaining("e.access-commands")
        .hasMessageContaining("set commands.epoch=1,");
    assertThat(failed(second))
        .singleElement()
        .satisfies(f -> assertThat(f.what()).isEqualTo("outputs"))
        .satisfies(f -> assertThat(f.text()).contains("group second (application.id) is new"));
    assertThat(CommittedLog.read(first).commands).hasSize(3);

    var anew = config("e.", "second", 1);
    assertThat(failed(anew)).isEmpty();
    try (var worker = Workers.running(anew)) {
      Workers.awaitCommands(anew, 6);
      worker.failIfEnded();
    }
    var log = CommittedLog.read(anew);
    assertThat(log.commands).filteredOn(c -> c.getEpoch() == 0).hasSize(3);
    assertThat(log.commands).filteredOn(c -> c.getEpoch() == 1).hasSize(3);
    assertThat(kept(log).get("ana|s1").getAction()).isEqualTo(AccessAction.REVOKE);
    assertThat(kept(log).get("ben|s1").getAction()).isEqualTo(AccessAction.GRANT);
    assertThat(kept(log).values()).allMatch(c -> c.getEpoch() == 1);

    assertThatThrownBy(() -> Workers.start(first))
        .as("the one of before, which must not write any more")
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("e.access-commands holds commands of epoch 1")
        .hasMessageContaining("commands.epoch is 0");
    assertThatThrownBy(() -> Workers.start(second))
        .as("the new one, whose setting was lost")
        .hasMessageContaining("then set commands.epoch=1");
    Workers.running(anew).close();
  }

  @Test
  void shouldRefuseAnotherApplicationIdOverStatusesAlone() throws Exception {
    var first = config("s.", "statuses", 0);
    try (var worker = Workers.running(first)) {
      Workers.publish(first, Events.published("p1", "one", Events.sources("s1")));
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .until(() -> CommittedLog.read(first).products.containsKey("p1"));
      worker.failIfEnded();
    }

    assertThatThrownBy(() -> Workers.start(config("s.", "mistyped", 0)))
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("s.product-status holds records");
  }

  @Test
  void shouldStartOverOutputsWithAbortedRecordsAlone() throws Exception {
    var config = config("a.", "aborted-outputs", 0);
    Workers.running(config).close();
    var settings = new HashMap<>(config.clientConfig());
    settings.put("transactional.id", "a died");
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = 0; i < 3_000; i++) {
        producer.send(
            // The topic is compacted: the broker rejects a record without a key.
            new ProducerRecord<>(
                "a.access-commands",
                0,
                "k".getBytes(StandardCharsets.UTF_8),
                "v".getBytes(StandardCharsets.UTF_8)));
      }
      producer.flush();
      producer.abortTransaction();
    }

    Workers.running(config).close();
  }
}
