package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import dev.sluice.startup.LeftoverTransactions;
import dev.sluice.testing.Workers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions that an ended worker and its broker left open. */
class LeftoverTransactionsIT {
  private static final String GROUP_OFFSETS = "__consumer_offsets";
  private static final byte[] VALUE = {1};

  private static EmbeddedKafka kafka;
  private static Admin admin;

  /**
   * A broker that takes records of a transaction without asking the coordinator, as every broker
   * did before, so that a transaction can hang.
   */
  @BeforeAll
  static void start() throws Exception {
    kafka =
        EmbeddedKafka.start(
            EmbeddedKafkaSettings.temporary()
                .withProperties(Map.of("transaction.partition.verification.enable", "false")));
    admin = Admin.create(config("any").clientConfig());
    admin
        .updateFeatures(
            Map.of("transaction.version", new FeatureUpdate((short) 1, UpgradeType.SAFE_DOWNGRADE)),
            new UpdateFeaturesOptions())
        .all()
        .get();
    for (var topic : List.of("committed", "hanging", "others", "ongoing")) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", "g"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      var offset = Map.of(new TopicPartition("committed", 0), new OffsetAndMetadata(0));
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .ignoreExceptions()
          .untilAsserted(() -> consumer.commitSync(offset));
    }
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .ignoreExceptions()
        .until(() -> end(GROUP_OFFSETS, IsolationLevel.READ_UNCOMMITTED) >= 0);
  }

  @AfterAll
  static void stop() {
    admin.close();
    kafka.close();
  }

  private static SluiceConfig config(String applicationId) {
    return SluiceConfig.of(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "application.id", applicationId));
  }

  private static KafkaProducer<byte[], byte[]> producer(String transactionalId) {
    var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "transactional.id",
                transactionalId,
                // The only client whose records for an internal topic a broker takes.
                "client.id",
                "__admin_client"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  /** Writes a record in a transaction that the coordinator does not know of. */
  private static void hang(KafkaProducer<byte[], byte[]> producer, String topic) throws Exception {
    producer.beginTransaction();
    producer.send(new ProducerRecord<>("committed", VALUE)).get();
    producer.commitTransaction();
    producer.beginTransaction();
    partitionsOf(producer).add(new TopicPartition(topic, 0));
    producer.send(new ProducerRecord<>(topic, 0, VALUE, VALUE)).get();
  }

  @SuppressWarnings("unchecked")
  private static Collection<TopicPartition> partitionsOf(KafkaProducer<?, ?> producer)
      throws Exception {
    var manager = KafkaProducer.class.getDeclaredField("transactionManager");
    manager.setAccessible(true);
    var transactions = manager.get(producer);
    var partitions = transactions.getClass().getDeclaredField("partitionsInTransaction");
    partitions.setAccessible(true);
    return (Collection<TopicPartition>) partitions.get(transactions);
  }

  /** The end for readers of that level; before an open transaction for read_committed. */
  private static long end(String topic, IsolationLevel level) throws Exception {
    var partition = new TopicPartition(topic, 0);
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(level))
        .partitionResult(partition)
        .get()
        .offset();
  }

  private static long open(String topic) throws Exception {
    return end(topic, IsolationLevel.READ_UNCOMMITTED) - end(topic, IsolationLevel.READ_COMMITTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hanging", GROUP_OFFSETS})
  void shouldEndATransactionThatItsCoordinatorHasCompleted(String topic) throws Exception {
    var producer = producer("mine-" + topic);
    try {
      hang(producer, topic);
      assertThat(open(topic)).isPositive();

      LeftoverTransactions.clear(config("mine"));

      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .untilAsserted(() -> assertThat(open(topic)).isZero());
    } finally {
      producer.close(Duration.ZERO); // it would wait for its transaction
    }
  }

  @Test
  void shouldLeaveTransactionsOfOthersOpen() throws Exception {
    var producer = producer("other-1");
    try {
      hang(producer, "others");

      LeftoverTransactions.clear(config("mine"));

      assertThat(open("others")).isPositive();
      LeftoverTransactions.clear(config("other"));
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .untilAsserted(() -> assertThat(open("others")).isZero());
    } finally {
      producer.close(Duration.ZERO); // it would wait for its transaction
    }
  }

  @Test
  void shouldEndATransactionThatGoesOn() throws Exception {
    var producer = producer("mine-ongoing");
    producer.beginTransaction();
    producer.send(new ProducerRecord<>("ongoing", VALUE)).get();
    assertThat(open("ongoing")).isPositive();

    LeftoverTransactions.clear(config("mine"));

    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .untilAsserted(() -> assertThat(open("ongoing")).isZero());
    producer.close(Duration.ZERO);
  }
}
