package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import dev.sluice.offsets.TopicTail;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The search for the last committed records of partitions. */
class TopicTailIT {
  private static final int RECORDS = 60;
  private static final int BYTES = 500_000;
  private static final TopicPartition EMPTY = new TopicPartition("tail", 0);
  private static final TopicPartition ABORTED = new TopicPartition("tail", 1);
  private static final TopicPartition LARGE = new TopicPartition("tail", 2);
  private static final TopicPartition BEHIND_ABORTED = new TopicPartition("tail", 3);

  private static EmbeddedKafka kafka;
  private static SluiceConfig config;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.temporary());
    config = SluiceConfig.of(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    try (var admin = Admin.create(config.clientConfig())) {
      admin.createTopics(List.of(new NewTopic("tail", 4, (short) 1))).all().get();
    }
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                "bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "tail"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = 0; i < RECORDS; i++) {
        send(producer, LARGE, BYTES);
      }
      send(producer, BEHIND_ABORTED, 1);
      producer.commitTransaction();
      producer.beginTransaction();
      for (int i = 0; i < RECORDS; i++) {
        send(producer, ABORTED, 1);
        send(producer, BEHIND_ABORTED, 1);
      }
      producer.flush();
      producer.abortTransaction();
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, TopicPartition partition, int bytes) {
    producer.send(
        new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[bytes]));
  }

  @Test
  void shouldFindThePartitionsThatHoldACommittedRecord() {
    assertThat(TopicTail.nonEmpty(config, List.of(EMPTY, ABORTED, LARGE, BEHIND_ABORTED)))
        .containsExactlyInAnyOrder(LARGE, BEHIND_ABORTED);
    assertThat(TopicTail.of(config, List.of(EMPTY, ABORTED, BEHIND_ABORTED)))
        .containsOnlyKeys(BEHIND_ABORTED);
  }

  @Test
  void shouldNotReadAllRecordsToSeeThatThereIsOne() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    var before = threads.getCurrentThreadAllocatedBytes();

    assertThat(TopicTail.nonEmpty(config, List.of(LARGE))).containsExactly(LARGE);

    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .isLessThan((long) RECORDS * BYTES / 2);
  }
}
