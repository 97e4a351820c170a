package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.contract.TraceContext;
import dev.sluice.contract.TraceHeaders;
import dev.sluice.event.Events;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import dev.sluice.topology.ContractSerdes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sweeps on a real broker: continued by another worker, and refused by the broker meanwhile, also
 * without the direct send. {@code -Dsweep.direct=false} runs the other tests without it too.
 */
class SweepIT {
  private static final int MEMBERS = 8_000;

  /** Maximum wait for the end of a sweep; the machine may be busy. */
  private static final Duration SWEEP_MAX = Duration.ofSeconds(300);

  private static final TraceContext TRACE =
      new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=1");

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static SluiceConfig config(String id, String dataDir) {
    return config(id, dataDir, System.getProperty("sweep.direct", "true"));
  }

  private static SluiceConfig config(String id, String dataDir, String directSend) {
    return CLUSTER.config(
        id,
        dataDir,
        Map.of(
            "access.partitions",
            "2",
            "threads",
            "2",
            "sweep.slice.ms",
            "1",
            "commands.direct.send",
            directSend));
  }

  @Test
  void shouldContinueTheSweepOfAStoppedWorker() throws Exception {
    var config = config("sweep", "first");
    try (var worker = Workers.running(config)) {
      approveAll(config);
      Workers.publish(config, Events.suspended("p"));
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .until(() -> count(config, AccessAction.REVOKE) > 0);
    }
    var before = count(config, AccessAction.REVOKE);

    try (var worker = Workers.running(config("sweep", "second"))) {
      awaitAllRevoked(config);
    }

    assertThat(before).as("stopped half-way").isLessThan(MEMBERS);
    assertAllRevoked(config);
  }

  @Test
  void shouldGiveEveryCommandOfASweepTheTraceOfItsCause() throws Exception {
    var config = config("traced", "traced");
    try (var worker = Workers.running(config)) {
      approveAll(config);
      publishTracedSuspension(config);
      awaitAllRevoked(config);
      worker.failIfEnded();
    }

    assertAllRevoked(config);
    var log = CommittedLog.read(config);
    for (int i = 0; i < log.commands.size(); i++) {
      var revoked = log.commands.get(i).getAction() == AccessAction.REVOKE;
      assertThat(TraceHeaders.read(log.commandRecords.get(i).headers()))
          .isEqualTo(revoked ? TRACE : null);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void shouldLoseNoRefusedCommand(String directSend) throws Exception {
    var id = "refused-" + directSend;
    var config = config(id, id, directSend);
    try (var worker = Workers.running(config)) {
      approveAll(config);
      // Less than a command takes, and more than the marker that ends a transaction: without its
      // marker a transaction would hang.
      largestMessage(config, 100);
      Workers.publish(config, Events.suspended("p"));
      Awaitility.await("a command was refused")
          .atMost(Workers.TIMEOUT)
          .until(() -> worker.status().unsettled() != null);
      largestMessage(config, 1 << 20);
      awaitAllRevoked(config);
      worker.failIfEnded();
    }
    assertAllRevoked(config);
  }

  private static void approveAll(SluiceConfig config) throws InterruptedException {
    try (var publisher = new EventPublisher(config)) {
      publisher.send(Events.published("p", "s"));
      for (int i = 0; i < MEMBERS; i++) {
        publisher.send(Events.approved("p", "r" + i, "u" + i));
      }
      publisher.flush();
    }
    // By the offsets: a test that read all commands again and again would hold up the worker.
    Workers.settle(config);
    assertThat(count(config, AccessAction.GRANT)).isEqualTo(MEMBERS);
  }

  private static void publishTracedSuspension(SluiceConfig config) throws Exception {
    var topic = new Topics(config.topicPrefix()).productEvents();
    try (var serializer = new ContractSerdes(config).serializer();
        var producer =
            new KafkaProducer<>(
                config.clientConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
      var event = Events.suspended("p");
      var value = serializer.serialize(topic, EventAvro.toAvro(event));
      producer
          .send(
              new ProducerRecord<>(
                  topic, null, event.productId().getBytes(UTF_8), value, TraceHeaders.of(TRACE)))
          .get();
    }
  }

  private static void largestMessage(SluiceConfig config, int bytes) throws Exception {
    var topic =
        new ConfigResource(
            ConfigResource.Type.TOPIC, new Topics(config.topicPrefix()).accessCommands());
    var entry = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes));
    try (var admin = Admin.create(config.clientConfig())) {
      admin
          .incrementalAlterConfigs(
              Map.of(topic, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private static long count(SluiceConfig config, AccessAction action) {
    return CommittedLog.read(config).commands.stream().filter(c -> c.getAction() == action).count();
  }

  private static void awaitAllRevoked(SluiceConfig config) {
    Awaitility.await("all are revoked")
        .atMost(SWEEP_MAX)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> count(config, AccessAction.REVOKE) >= MEMBERS);
  }

  private static void assertAllRevoked(SluiceConfig config) {
    var log = CommittedLog.read(config);
    assertThat(log.breaches()).isEmpty();
    assertThat(log.access()).isEmpty();
    assertThat(log.commands).hasSize(2 * MEMBERS);
  }
}
