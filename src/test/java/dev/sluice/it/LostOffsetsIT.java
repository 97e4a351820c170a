package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import dev.sluice.check.CheckRunner;
import dev.sluice.check.Finding.Verdict;
import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.Events;
import dev.sluice.event.ProductEvent;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import dev.sluice.testing.CapturedLog;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import dev.sluice.update.UpdatesTopic;
import dev.sluice.worker.Worker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State whose place in the input is lost, and what only looks like it. */
@Execution(ExecutionMode.CONCURRENT) // mostly waiting
@Tag("heavy")
class LostOffsetsIT {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static SluiceConfig config(String id, String protocol) {
    return config(id, protocol, id);
  }

  private static SluiceConfig config(String id, String protocol, String dataDir) {
    return CLUSTER.config(
        id,
        dataDir,
        Map.of(
            "schema.registry.url",
            CLUSTER.registry().url(),
            "access.partitions",
            "2",
            "threads",
            "2",
            "group.protocol",
            protocol));
  }

  private static void work(SluiceConfig config, ProductEvent... events)
      throws InterruptedException {
    try (var worker = Workers.running(config)) {
      Workers.publish(config, events);
      Workers.settle(config, worker::failIfEnded);
    }
  }

  /** As kafka-consumer-groups.sh --reset-offsets --to-latest does. */
  private static void resetToLatest(Admin admin, SluiceConfig config, String topic)
      throws Exception {
    var partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
    var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
    admin
        .listOffsets(
            partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
        .all()
        .get()
        .forEach((p, info) -> offsets.put(p, new OffsetAndMetadata(info.offset())));
    admin.alterConsumerGroupOffsets(config.applicationId(), offsets).all().get();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void shouldNotStartOnStateWithoutOffsetsUntilTheyAreSet(String protocol) throws Exception {
    var config = config("lost-" + protocol, protocol);
    var events = new Topics(config.topicPrefix()).productEvents();
    var updates = UpdatesTopic.of(config.applicationId());
    work(
        config,
        Events.published("p1", "one", Events.sources("s1")),
        Events.approved("p1", "r1", "ana"));

    try (var admin = Admin.create(config.clientConfig())) {
      admin.deleteConsumerGroups(List.of(config.applicationId())).all().get();

      try (var publisher = new EventPublisher(config)) {
        publisher.send(Events.approved("p1", "r2", "ben"));
        publisher.flush();
      }

      var told = refusal(config);
      assertThat(told)
          .contains("group lost-" + protocol + " has no offset for ")
          .contains("Continue where the state ends")
          .contains("kafka-streams-application-reset.sh")
          .doesNotContain("--to-latest");
      doAsTold(admin, config, told, events);
      told = refusal(config);
      assertThat(told).as("half of the offsets").contains("has no offset for " + updates);
      doAsTold(admin, config, told, updates);
    }
    work(config);

    var log = CommittedLog.read(config);
    assertThat(log.commands).hasSize(2);
    assertThat(log.breaches()).isEmpty();
    assertThat(log.rejections).isEmpty();
  }

  private static String refusal(SluiceConfig config) {
    var thrown = catchThrowable(() -> Workers.start(config).close());
    assertThat(thrown).isInstanceOf(OperatorException.class);
    return thrown.getMessage();
  }

  /** Sets the offsets of a topic as the commands in a message say. */
  private static void doAsTold(Admin admin, SluiceConfig config, String message, String topic)
      throws Exception {
    var commands =
        Pattern.compile(
                " --group "
                    + config.applicationId()
                    + " --reset-offsets --execute --topic "
                    + Pattern.quote(topic)
                    + ":(\\d+) --to-offset (\\d+)\\n")
            .matcher(message);
    int count = 0;
    for (; commands.find(); count++) {
      var partition = new TopicPartition(topic, Integer.parseInt(commands.group(1)));
      resetTo(admin, config, partition, Long.parseLong(commands.group(2)));
    }
    assertThat(count).as("commands for %s in: %s", topic, message).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void shouldNotStartIfOffsetsWereMovedBackOverProcessedEvents(String protocol) throws Exception {
    var config = config("back-" + protocol, protocol);
    work(
        config,
        Events.published("p1", "one", Events.sources("s1")),
        Events.approved("p1", "r1", "ana"),
        Events.suspended("p1"),
        Events.resumed("p1"));
    var before = CommittedLog.read(config).commands.size();
    var events =
        new TopicPartition(new Topics(config.topicPrefix()).productEvents(), partitionOf("p1"));
    try (var admin = Admin.create(config.clientConfig())) {
      var offset = offset(admin, config, events);
      resetTo(admin, config, events, 2);

      assertThat(failed(config)).containsExactly("state and offsets");
      var told = refusal(config);
      assertThat(told)
          .contains(
              "the offset of group back-%s for %s is 2, but its state has read up to offset "
                  .formatted(protocol, events))
          .contains("the offset was moved back by hand");
      doAsTold(admin, config, told, events.topic());
      assertThat(offset(admin, config, events)).isBetween(4L, offset);
    }
    work(config);
    assertThat(CommittedLog.read(config).commands).as("nothing is done again").hasSize(before);
  }

  @Test
  void shouldNotStartIfOffsetsWereMovedBackOverProcessedUpdates() throws Exception {
    var config = config("back-updates", "classic");
    work(
        config,
        Events.published("p1", "one", Events.sources("s1")),
        Events.approved("p1", "r1", "ana"));
    var updates = UpdatesTopic.of(config.applicationId());
    try (var admin = Admin.create(config.clientConfig())) {
      for (int partition = 0; partition < 2; partition++) {
        resetTo(admin, config, new TopicPartition(updates, partition), 0);
      }
      var told = refusal(config);
      assertThat(told)
          .contains("the offset of group back-updates for " + updates)
          .contains("the offset was moved back by hand");
    }
  }

  /** As after the end of the topic was lost, and the group was set to what came in its place. */
  @Test
  void shouldStartBehindItsPositionIfOtherRecordsAreThere() throws Exception {
    var config = config("replaced", "classic");
    work(
        config,
        Events.published("p1", "one", Events.sources("s1")),
        Events.approved("p1", "r1", "ana"));
    var topic = new Topics(config.topicPrefix()).productEvents();
    // Another folder, which does not know the topics' ids.
    var elsewhere = config("replaced", "classic", "replaced-elsewhere");
    try (var admin = Admin.create(config.clientConfig())) {
      admin.deleteTopics(List.of(topic)).all().get();
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .ignoreExceptions()
          .untilAsserted(
              () -> admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get());
      try (var publisher = new EventPublisher(config)) {
        for (int i = 2; i < 9; i++) {
          publisher.send(Events.approved("p1", "r" + i, "user" + i));
        }
        publisher.flush();
      }
      for (int partition = 0; partition < 2; partition++) {
        resetTo(admin, config, new TopicPartition(topic, partition), 0);
      }
    }

    work(elsewhere);

    assertThat(CommittedLog.read(config).commands).hasSize(8);
  }

  /** As kafka-consumer-groups.sh --reset-offsets --to-offset does. */
  private static void resetTo(Admin admin, SluiceConfig config, TopicPartition partition, long to)
      throws Exception {
    admin
        .alterConsumerGroupOffsets(
            config.applicationId(), Map.of(partition, new OffsetAndMetadata(to)))
        .all()
        .get();
  }

  private static long offset(Admin admin, SluiceConfig config, TopicPartition partition)
      throws Exception {
    return admin
        .listConsumerGroupOffsets(config.applicationId())
        .partitionsToOffsetAndMetadata()
        .get()
        .get(partition)
        .offset();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void shouldNotStartIfOffsetsWereMovedOverUnreadEvents(String protocol) throws Exception {
    var config = config("moved-" + protocol, protocol);
    var topic = new Topics(config.topicPrefix()).productEvents();
    var read = new TopicPartition(topic, partitionOf("p1"));
    var unread = new TopicPartition(topic, 1 - partitionOf("p1"));
    work(
        config,
        Events.published("p1", "one", Events.sources("s1")),
        Events.approved("p1", "r1", "ana"),
        // Events without any effect are read all the same.
        Events.withId("again", Events.approved("p1", "r1", "ana")));
    work(config);

    try (var admin = Admin.create(config.clientConfig());
        var publisher = new EventPublisher(config)) {
      publisher.send(Events.revoked("p1", "r1", "ana"));
      publisher.send(Events.published(inPartition(unread.partition()), "two"));
      publisher.flush();
      var before = offset(admin, config, read);
      resetToLatest(admin, config, topic);

      for (var partition : List.of(read, unread)) {
        assertThatThrownBy(() -> Workers.start(config))
            .isInstanceOf(OperatorException.class)
            .hasMessageContaining("the offset was moved forward by hand")
            .hasMessageContaining(" --reset-offsets --execute --topic " + topic + ":");
        assertThat(failed(config)).containsExactly("state and offsets");
        resetTo(admin, config, partition, partition.equals(read) ? before : 0);
      }
    }
    work(config);
    var log = CommittedLog.read(config);
    assertThat(log.commands).as("it is revoked").hasSize(2);
    assertThat(log.access()).isEmpty();
    assertThat(log.products).hasSize(2);
  }

  private static int partitionOf(String productId) {
    return Utils.toPositive(Utils.murmur2(productId.getBytes(UTF_8))) % 2;
  }

  private static String inPartition(int partition) {
    return IntStream.iterate(2, n -> n + 1)
        .mapToObj(n -> "p" + n)
        .filter(id -> partitionOf(id) == partition)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> failed(SluiceConfig config) {
    return CheckRunner.run(config).findings().stream()
        .filter(f -> f.verdict() == Verdict.FAILED)
        .filter(f -> !f.what().startsWith("http"))
        .map(f -> f.what())
        .toList();
  }

  @Test
  void shouldNotStartIfOffsetsWereMovedOverUnreadUpdates() throws Exception {
    var config = config("moved-updates", "classic");
    work(
        config,
        Events.published("p1", "one", Events.sources("s1")),
        Events.approved("p1", "r1", "ana"),
        Events.approved("p1", "r2", "ben"),
        Events.approved("p1", "r3", "cleo"),
        Events.approved("p1", "r4", "dan"));
    var updates = UpdatesTopic.of(config.applicationId());
    try (var admin = Admin.create(config.clientConfig());
        var producer =
            new KafkaProducer<>(
                new HashMap<>(config.clientConfig()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      for (int partition = 0; partition < 2; partition++) {
        producer
            .send(new ProducerRecord<>(updates, partition, "p1".getBytes(UTF_8), new byte[] {1}))
            .get();
      }
      resetToLatest(admin, config, updates);

      assertThatThrownBy(() -> Workers.start(config))
          .isInstanceOf(OperatorException.class)
          .hasMessageContaining("the offset of group moved-updates for " + updates)
          .hasMessageContaining("the offset was moved forward by hand");
    }
  }

  @Test
  void shouldWaitForOffsetsThatAnOpenTransactionIsAboutToChange() throws Exception {
    var config = config("undecided", "classic");
    work(config, Events.published("p1", "one", Events.sources("s1")));

    try (var admin = Admin.create(config.clientConfig());
        var producer = transactional(config, "undecided")) {
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(
          admin.listConsumerGroupOffsets("undecided").partitionsToOffsetAndMetadata().get(),
          group(config));

      CompletableFuture<Worker> starting;
      try (var log = new CapturedLog(GroupOffsetsClient.class, Level.INFO)) {
        starting = CompletableFuture.supplyAsync(() -> Workers.start(config));
        Awaitility.await("the start waits for the transaction")
            .atMost(Workers.TIMEOUT)
            .until(
                () ->
                    log.messages().stream()
                        .anyMatch(line -> line.contains("until a transaction of group undecided")));
      }
      assertThat(starting).as("neither started nor failed").isNotDone();
      producer.commitTransaction();

      try (var worker = starting.get(Workers.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        worker.awaitRunning(Workers.TIMEOUT);
      }
    }
    work(config, Events.approved("p1", "r1", "ana"));
    assertThat(CommittedLog.read(config).commands).hasSize(1);
  }

  private static ConsumerGroupMetadata group(SluiceConfig config) {
    var settings = new HashMap<>(config.clientConfig());
    settings.put("group.id", config.applicationId());
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return consumer.groupMetadata();
    }
  }

  private static KafkaProducer<byte[], byte[]> transactional(SluiceConfig config, String id) {
    var settings = new HashMap<>(config.clientConfig());
    settings.put("transactional.id", id);
    var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  @Test
  void shouldStartAfterAFirstStartThatDiedBeforeItsFirstCommit() throws Exception {
    var config = config("aborted", "classic");
    Workers.running(config).close();
    try (var producer = transactional(config, "died")) {
      producer.beginTransaction();
      for (var store : List.of("products", "memberships")) {
        producer.send(
            new ProducerRecord<>(
                "aborted-" + store + "-changelog", 0, "k".getBytes(UTF_8), "v".getBytes(UTF_8)));
      }
      producer.flush();
      producer.abortTransaction();
    }

    work(config, Events.published("p1", "one", Events.sources("s1")));

    assertThat(CommittedLog.read(config).products).containsKey("p1");
  }
}
