package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.contract.Topics;
import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.event.Events;
import dev.sluice.event.ProductEvent;
import dev.sluice.failure.FailureHandler;
import dev.sluice.registry.Misbehaviour;
import dev.sluice.sim.Abuse;
import dev.sluice.sim.Abuse.Input;
import dev.sluice.sim.Histories;
import dev.sluice.sim.Model;
import dev.sluice.testing.CapturedLog;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.Resource;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A real worker, and a broker whose input topic lets everything pass while all other topics refuse
 * what is dated an hour ahead, or, by the broker's default, what is older than a day: input of
 * every kind, and a registry that misbehaves. No thread of the worker may fail.
 */
@ResourceLock(Resource.FAILURE_LOG)
class AbuseIT {
  /** Far from now: what expires in a history has done so long ago, or never does. */
  private static final Instant FAR = Instant.parse("2096-01-05T09:00:00Z");

  private static final int RECORDS = 3_000;
  private static final int PARTITIONS = 4;
  private static final int LARGE = 7 << 20;

  @RegisterExtension
  static final TestCluster CLUSTER =
      TestCluster.own(Map.of("log.message.timestamp.before.max.ms", "86400000"));

  private CapturedLog troubles;

  @BeforeEach
  void listen() {
    troubles = new CapturedLog(FailureHandler.class);
  }

  @AfterEach
  void hearNoMore() {
    troubles.close();
  }

  private static SluiceConfig config(String id, String registryUrl) {
    return CLUSTER.config(
        id,
        Map.of(
            // Some of these ids belong to no schema.
            "schema.registry.unknown.schema.wait.ms",
            "200",
            "schema.registry.url",
            registryUrl,
            "schema.registry.request.timeout.ms",
            "300",
            "topic.partitions",
            Integer.toString(PARTITIONS),
            "access.partitions",
            "2",
            "threads",
            "2"));
  }

  /** A record that was put in, and what should come of it. */
  private record Put(Input input, String outcome, Future<RecordMetadata> at) {
    String coordinates() {
      try {
        return at.get().partition() + "-" + at.get().offset();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void shouldSurviveArbitraryRecordsAndRejectEachOnce() throws Exception {
    try (var registry = RegistryServer.start(0, null)) {
      var config = config("abuse", registry.url());
      makeInput(config);
      var abuse =
          new Abuse(5, System.currentTimeMillis(), Map.of("schema.registry.url", registry.url()));
      var model = new Model();
      var put = new ArrayList<Put>();
      try (var worker = Workers.running(config)) {
        putAbuse(config, abuse, model, put);
        putTransactions(config, abuse, model, put);
        Workers.settle(config);
        for (var event :
            List.of(Events.published("last", "s1"), Events.approved("last", "r", "u"))) {
          put(config, abuse.good(event), abuse, model, put);
        }
        Workers.settle(config);
        worker.failIfEnded();
      }
      var log = CommittedLog.read(config);
      assertThat(troubles.messages()).isEmpty();
      assertThat(log.breaches()).isEmpty();
      assertThat(log.access())
          .isEqualTo(model.access())
          .contains(new Model.Access("u", "s1", "Snowflake"));
      assertThat(log.products).doesNotContainKey("aborted");
      assertFoundAgain(put, log.rejected);
    }
  }

  private static void makeInput(SluiceConfig config) throws Exception {
    var any = Long.toString(Long.MAX_VALUE);
    var topic =
        new NewTopic(new Topics(config.topicPrefix()).productEvents(), PARTITIONS, (short) 1)
            .configs(
                Map.of(
                    "message.timestamp.before.max.ms", any,
                    "message.timestamp.after.max.ms", any,
                    "max.message.bytes", Integer.toString(LARGE + 1_000)));
    try (var admin = Admin.create(config.clientConfig())) {
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(
      SluiceConfig config, Map<String, Object> more) {
    var settings = new HashMap<String, Object>(config.clientConfig());
    settings.put("max.request.size", LARGE + 1_000);
    settings.putAll(more);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Put send(
      KafkaProducer<byte[], byte[]> producer, SluiceConfig config, Input input, String outcome) {
    var topic = new Topics(config.topicPrefix()).productEvents();
    return new Put(
        input,
        outcome,
        producer.send(
            new ProducerRecord<>(
                topic, null, input.timestamp(), input.key(), input.value(), input.headers())));
  }

  private static void put(
      SluiceConfig config, Input input, Abuse abuse, Model model, List<Put> put) {
    try (var producer = producer(config, Map.of())) {
      put.add(send(producer, config, input, abuse.expected(input, model, Instant.now())));
    }
  }

  private static void putAbuse(SluiceConfig config, Abuse abuse, Model model, List<Put> put) {
    var random = new Random(5);
    var histories = new Histories(5);
    try (var producer = producer(config, Map.of())) {
      for (int i = 0; i < RECORDS; i++) {
        var event = histories.next(FAR);
        var input = random.nextInt(3) > 0 ? abuse.bad(event) : abuse.good(event);
        put.add(send(producer, config, input, abuse.expected(input, model, Instant.now())));
      }
      var good = abuse.good(Events.published("p1", "s1"));
      var large = new Input(good.key(), new byte[LARGE], new RecordHeaders(), good.timestamp());
      put.add(send(producer, config, large, "too_large"));
    }
  }

  /** Checks that committed records are there, and aborted ones are not. */
  private static void putTransactions(
      SluiceConfig config, Abuse abuse, Model model, List<Put> put) {
    try (var producer = producer(config, Map.of("transactional.id", "abuse"))) {
      producer.initTransactions();
      for (int i = 0; i < 5; i++) {
        producer.beginTransaction();
        send(producer, config, abuse.good(Events.published("aborted", "s1")), "");
        send(producer, config, abuse.bad(Events.suspended("p1")), "");
        producer.flush();
        producer.abortTransaction();
        producer.beginTransaction();
        for (var event : events("tx" + i)) {
          var input = abuse.good(event);
          put.add(send(producer, config, input, abuse.expected(input, model, Instant.now())));
        }
        producer.commitTransaction();
      }
    }
  }

  private static List<ProductEvent> events(String productId) {
    return List.of(
        Events.published(productId, "s1", "s2"),
        Events.approved(productId, productId + "r", "u1"),
        Events.approved("nowhere", "r", "u1"));
  }

  private static void assertFoundAgain(
      List<Put> put, List<ConsumerRecord<byte[], byte[]>> rejected) {
    var expected = new HashMap<String, Put>();
    put.stream()
        .filter(p -> Abuse.isRejection(p.outcome()))
        .forEach(p -> expected.put(p.coordinates(), p));
    assertThat(expected).hasSizeGreaterThan(RECORDS / 2);
    for (var record : rejected) {
      var at =
          header(record, RejectionHeaders.PARTITION)
              + "-"
              + header(record, RejectionHeaders.OFFSET);
      var from = expected.remove(at);
      assertThat(from).as("once, " + at).isNotNull();
      assertThat(header(record, RejectionHeaders.REASON))
          .as(header(record, RejectionHeaders.MESSAGE))
          .isEqualTo(Abuse.reason(from.outcome()));
      if (record.headers().lastHeader(RejectionHeaders.VALUE_BYTES) == null) {
        assertThat(record.value()).as(at).isEqualTo(from.input().value());
      } else {
        assertThat(header(record, RejectionHeaders.VALUE_BYTES)).isEqualTo(Integer.toString(LARGE));
      }
      if (record.headers().lastHeader(RejectionHeaders.KEY_BYTES) == null) {
        assertThat(record.key()).as(at).isEqualTo(from.input().key());
      }
    }
    assertThat(expected.keySet()).as("not found again").isEmpty();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  @Test
  void shouldWaitForAMisbehavingRegistry() throws Exception {
    try (var registry = RegistryServer.start(0, null);
        // The same answer can be an outage for a look-up and a refusal for a registration.
        var gate =
            new RegistryGate(
                registry.url(),
                List.of(Misbehaviour.values()),
                List.copyOf(
                    EnumSet.complementOf(
                        EnumSet.of(Misbehaviour.CONFLICTING, Misbehaviour.UNPROCESSABLE))))) {
      var config = config("registry", gate.url());
      var events = new ArrayList<ProductEvent>();
      var histories = new Histories(36);
      for (int i = 0; i < 300; i++) {
        events.add(histories.next(FAR));
      }
      try (var publisher = new EventPublisher(config("registry", registry.url()));
          var worker = Workers.running(config)) {
        gate.shut(true, true);
        events.forEach(publisher::send);
        publisher.flush();
        Awaitility.await()
            .atMost(Workers.TIMEOUT)
            .until(() -> gate.reads() > Misbehaviour.values().length);
        assertThat(CommittedLog.countRejected(config)).isZero();
        gate.shut(false, true);
        Awaitility.await().atMost(Workers.TIMEOUT).until(() -> gate.writes() > 6);
        gate.shut(false, false);
        Workers.settle(config);
        worker.failIfEnded();
      }
      assertThat(troubles.messages()).as("no thread failed").isEmpty();
      var model = new Model();
      var rejections =
          events.stream()
              .map(e -> model.apply(e.productId(), e, Instant.now()))
              .filter(Abuse::isRejection)
              .map(Abuse::reason)
              .toList();
      var log = CommittedLog.read(config);
      assertThat(log.breaches()).isEmpty();
      assertThat(log.access()).isEqualTo(model.access()).isNotEmpty();
      assertThat(log.rejections).containsExactlyInAnyOrderElementsOf(rejections);
    }
  }
}
