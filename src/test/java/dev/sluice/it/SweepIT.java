package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.contract.TraceContext;
import dev.sluice.contract.TraceHeaders;
import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import dev.sluice.event.Events;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.topology.ContractSerdes;
import dev.sluice.worker.Worker;
import java.nio.file.Path;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sweeps on a real broker: continued by another worker, and refused by the broker meanwhile, also
 * without the direct send. {@code -Dsweep.direct=false} runs the other tests without it too.
 */
class SweepIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final int MEMBERS = 8_000;
  private static final TraceContext TRACE =
      new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=1");

  private static EmbeddedKafka kafka;
  @TempDir private static Path folder;

  @BeforeAll
  static void start() {
    kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.temporary());
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private static SluiceConfig config(String id, String dataDir) {
    return config(id, dataDir, System.getProperty("sweep.direct", "true"));
  }

  private static SluiceConfig config(String id, String dataDir, String directSend) {
    return SluiceConfig.of(
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "schema.registry.url",
            "mock://" + id,
            "application.id",
            id,
            "topic.prefix",
            id + ".",
            "topic.partitions",
            "2",
            "access.partitions",
            "2",
            "sweep.slice.ms",
            "1",
            "commands.direct.send",
            directSend,
            "data.dir",
            folder.resolve(dataDir).toString()));
  }

  private static Worker worker(SluiceConfig config) throws InterruptedException {
    var worker = Worker.start(config, (type, outcome) -> {});
    worker.awaitRunning(TIMEOUT);
    return worker;
  }

  @Test
  void shouldContinueTheSweepOfAStoppedWorker() throws Exception {
    var config = config("sweep", "first");
    try (var worker = worker(config)) {
      approveAll(config);
      publishSuspension(config);
      Awaitility.await().atMost(TIMEOUT).until(() -> count(config, AccessAction.REVOKE) > 0);
    }
    var before = count(config, AccessAction.REVOKE);

    try (var worker = worker(config("sweep", "second"))) {
      Awaitility.await().atMost(TIMEOUT).until(() -> count(config, AccessAction.REVOKE) >= MEMBERS);
    }

    assertThat(before).as("stopped half-way").isLessThan(MEMBERS);
    assertAllRevoked(config);
  }

  @Test
  void shouldGiveEveryCommandOfASweepTheTraceOfItsCause() throws Exception {
    var config = config("traced", "traced");
    try (var worker = worker(config)) {
      approveAll(config);
      publishTracedSuspension(config);
      Awaitility.await().atMost(TIMEOUT).until(() -> count(config, AccessAction.REVOKE) >= MEMBERS);
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
    try (var worker = worker(config)) {
      approveAll(config);
      largestMessage(config, 70);
      publishSuspension(config);
      Awaitility.await("a command was refused")
          .atMost(TIMEOUT)
          .until(() -> worker.status().unsettled() != null);
      largestMessage(config, 1 << 20);
      Awaitility.await().atMost(TIMEOUT).until(() -> count(config, AccessAction.REVOKE) >= MEMBERS);
      worker.failIfEnded();
    }
    assertAllRevoked(config);
  }

  private static void approveAll(SluiceConfig config) {
    try (var publisher = new EventPublisher(config)) {
      publisher.send(Events.published("p", "s"));
      for (int i = 0; i < MEMBERS; i++) {
        publisher.send(Events.approved("p", "r" + i, "u" + i));
      }
      publisher.flush();
    }
    Awaitility.await().atMost(TIMEOUT).until(() -> count(config, AccessAction.GRANT) == MEMBERS);
  }

  private static void publishSuspension(SluiceConfig config) {
    try (var publisher = new EventPublisher(config)) {
      publisher.send(Events.suspended("p"));
      publisher.flush();
    }
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

  private static void assertAllRevoked(SluiceConfig config) {
    var log = CommittedLog.read(config);
    assertThat(log.breaches()).isEmpty();
    assertThat(log.access()).isEmpty();
    assertThat(log.commands).hasSize(2 * MEMBERS);
  }
}
