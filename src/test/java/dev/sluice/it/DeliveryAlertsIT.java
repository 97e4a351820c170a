package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.DeliveryOutcome;
import dev.sluice.avro.ErrorClass;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Events;
import dev.sluice.prom.Dashboards;
import dev.sluice.prom.PrometheusServer;
import dev.sluice.prom.Rules;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.Requirement;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.WorkerProcess;
import dev.sluice.testing.Workers;
import dev.sluice.topology.ContractSerdes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A real Prometheus with the rules of deploy/ watches a delivery process beside a worker; the test
 * answers the commands, or does not. The counterpart of {@link PrometheusIT}, with its times.
 */
@Isolated("it watches for seconds what a busy machine would pass over")
@Tag("heavy")
class DeliveryAlertsIT {
  private static final int SHORTENED = Integer.getInteger("prometheus.shortened", 60);
  private static final Duration EVERY = Duration.ofMillis(SHORTENED > 20 ? 500 : 2_000);
  private static final Duration SEEN = Duration.ofSeconds(90 + 1_500 / SHORTENED);

  /** More than a round of commands and answers takes. */
  private static final String DEADLINE_MS = "20000";

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.own(Map.of());

  private final SluiceConfig config =
      CLUSTER.config(
          "watched-delivery",
          Map.of(
              "schema.registry.url",
              CLUSTER.registry().url(),
              "topic.partitions",
              "1",
              "access.partitions",
              "1"));

  private final int port = FreePorts.next();
  private AlertWatch watch;
  private int users;

  @BeforeAll
  static void requirePrometheus() {
    Requirement.PROMETHEUS.requireOnPath("prometheus", "promtool");
  }

  @Test
  void shouldFillEveryPanelAndRaiseEveryAlert() throws Exception {
    try (var worker = Workers.running(config);
        var delivery = delivery();
        var prometheus =
            PrometheusServer.start(
                CLUSTER.folder().resolve("prometheus"), Rules.shortened(SHORTENED), EVERY)) {
      prometheus.scrapeAs("sluice-delivery", port);
      watch = new AlertWatch(prometheus, SHORTENED, SEEN, AlertWatch::isAboutDelivery);
      Awaitility.await("delivery runs, and is scraped")
          .atMost(Workers.TIMEOUT)
          .until(
              () -> {
                assertThat(delivery.isAlive()).as(String.join("\n", delivery.lines())).isTrue();
                return !prometheus.query("sluice_worker_state{state=\"running\"} == 1").isEmpty();
              });
      Workers.publish(config, Events.published("p1", "s1", "s2"));
      fillPanels(prometheus);
      watch.awaitNone();
      wrongResults();
      noResults();
      revocation();
      late();
      watch.seen("SluiceDeliveryDown", "the delivery process was killed", delivery::kill);
      worker.failIfEnded();
      assertThat(watch.table()).hasSize(watch.count());
    } finally {
      Files.write(Path.of("target/delivery-alerts.md"), watch == null ? List.of() : watch.table());
    }
  }

  private WorkerProcess delivery() throws Exception {
    var settings = new LinkedHashMap<String, String>();
    for (var key :
        List.of("bootstrap.servers", "schema.registry.url", "application.id", "topic.prefix")) {
      settings.put(key, setting(key));
    }
    settings.put("data.dir", CLUSTER.folder().resolve("delivery").toString());
    settings.put("http.port", Integer.toString(port));
    settings.put("topic.partitions", "1");
    settings.put("delivery.start", "earliest");
    settings.put("delivery.grant.deadline.ms", DEADLINE_MS);
    settings.put("delivery.revoke.deadline.ms", DEADLINE_MS);
    var arguments = new ArrayList<>(List.of("delivery"));
    settings.forEach((key, value) -> arguments.addAll(List.of("-o", key + "=" + value)));
    return WorkerProcess.start(
        CLUSTER.folder().resolve("delivery.log"),
        Path.of("src/main/resources/logback.xml"),
        Map.of(),
        arguments);
  }

  private String setting(String key) {
    return switch (key) {
      case "bootstrap.servers" -> CLUSTER.bootstrapServers();
      case "schema.registry.url" -> CLUSTER.registry().url();
      case "application.id" -> config.applicationId();
      case "topic.prefix" -> config.topicPrefix();
      default -> throw new IllegalArgumentException(key);
    };
  }

  private void approveOne() throws InterruptedException {
    users++;
    Workers.publish(config, Events.approved("p1", "r" + users, "u" + users));
    Workers.settle(config);
  }

  private void fillPanels(PrometheusServer prometheus) throws Exception {
    var open = new ArrayList<>(Dashboards.questions());
    open.removeIf(question -> !AlertWatch.isAboutDelivery(question.expression()));
    assertThat(open).isNotEmpty();
    Awaitility.await("every panel has something to show")
        .atMost(Workers.TIMEOUT)
        .untilAsserted(
            () -> {
              approveOne();
              Workers.publish(config, Events.suspended("p1"));
              Workers.settle(config);
              Awaitility.await("commands are seen")
                  .atMost(SEEN)
                  .until(() -> !prometheus.query("sum(sluice_delivery_outstanding) > 0").isEmpty());
              open.removeIf(watch::answers);
              answer(DeliveryOutcome.APPLIED, null);
              Workers.publish(config, Events.resumed("p1"));
              Workers.settle(config);
              answer(DeliveryOutcome.APPLIED, null);
              open.removeIf(watch::answers);
              assertThat(open).isEmpty();
            });
  }

  private void wrongResults() throws Exception {
    watch.seen(
        "SluiceDeliveryFailed",
        "a result says NEEDS_PERSON",
        () -> {
          approveOne();
          answer(DeliveryOutcome.FAILED, ErrorClass.NEEDS_PERSON);
        });
    watch.seen(
        "SluiceDeliveryHeld",
        "a result says HELD",
        () -> {
          approveOne();
          answer(DeliveryOutcome.HELD, null);
        });
    answer(DeliveryOutcome.APPLIED, null);
    watch.seen(
        "SluiceResultsUnreadable",
        "a result is no Avro",
        () -> {
          try (var producer = producer(Map.of())) {
            producer.send(record("nobody".getBytes(UTF_8), new byte[] {1, 2, 3}));
          }
        });
  }

  private void noResults() throws Exception {
    var began = System.nanoTime();
    watch.seen(
        "SluiceNoResults",
        "commands come, and nobody answers",
        began,
        () -> {
          approveOne();
          return watch.isTrue("SluiceNoResults");
        });
    watch.seen(
        "SluiceGrantOverdue",
        "the same, for longer",
        began,
        () -> watch.isTrue("SluiceGrantOverdue"));
    answer(DeliveryOutcome.APPLIED, null);
    watch.awaitNone();
  }

  private void revocation() throws Exception {
    watch.seen(
        "SluiceRevocationNotConfirmed",
        "a product is suspended, and nobody answers",
        () -> {
          Workers.publish(config, Events.suspended("p1"));
          Workers.settle(config);
        });
    answer(DeliveryOutcome.APPLIED, null);
    watch.awaitNone();
  }

  private void late() throws Exception {
    try (var producer =
        producer(Map.of("transactional.id", "hangs", "transaction.timeout.ms", 900_000))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(record("nobody".getBytes(UTF_8), new byte[] {1, 2, 3}));
      producer.flush();
      watch.seen(
          "SluiceDeliveryLate",
          "a consumer's transaction stays open before results",
          () -> {
            approveOne();
            answer(DeliveryOutcome.APPLIED, null);
          });
      producer.abortTransaction();
    }
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    var settings = new HashMap<String, Object>(config.clientConfig());
    settings.putAll(more);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private String topic() {
    return config.topicPrefix() + "access-results";
  }

  private ProducerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
    return new ProducerRecord<>(topic(), 0, key, value);
  }

  /** Answers the newest command of each user and source. */
  private void answer(DeliveryOutcome outcome, @Nullable ErrorClass errorClass) {
    var log = CommittedLog.read(config);
    var newest = new LinkedHashMap<String, AccessCommand>();
    var keys = new HashMap<String, ConsumerRecord<byte[], byte[]>>();
    for (int i = 0; i < log.commands.size(); i++) {
      var key = new String(log.commandRecords.get(i).key(), UTF_8);
      newest.put(key, log.commands.get(i));
      keys.put(key, log.commandRecords.get(i));
    }
    try (var producer = producer(Map.of());
        var serializer = new ContractSerdes(config).serializer()) {
      newest.forEach(
          (key, command) -> {
            var result =
                AccessResult.newBuilder()
                    .setUserId(command.getUserId())
                    .setSourceType(command.getSourceType())
                    .setSourceId(command.getSourceId())
                    .setAction(command.getAction())
                    .setEpoch(command.getEpoch())
                    .setRevision(command.getRevision())
                    .setOutcome(outcome)
                    .setErrorClass(errorClass)
                    .setAt(Instant.now())
                    .build();
            producer.send(record(keys.get(key).key(), serializer.serialize(topic(), result)));
          });
    }
  }
}
