package dev.sluice.offsets;

import dev.sluice.config.SluiceConfig;
import dev.sluice.operator.OperatorException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads committed records by their offsets for the checks before a start, without a group. One
 * consumer serves all reads of a check.
 */
public final class CommittedRecords implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long READ_MAX_NS = Duration.ofSeconds(30).toNanos();

  /**
   * Maximum time in milliseconds for which the broker holds a fetch that has no data. A consumer's
   * close waits for the fetch that is under way, so Kafka's default would cost half a second for
   * each check.
   */
  private static final int FETCH_MAX_WAIT_MS = 20;

  /** Maximum size of a fetch, and of a poll: a record may have several megabytes. */
  private static final int FETCH_MAX_BYTES = 8 << 20;

  private static final int POLL_RECORDS_MAX = 5;

  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * Opens the consumer.
   *
   * @param config names the brokers
   */
  public CommittedRecords(SluiceConfig config) {
    this.consumer = consumer(config);
  }

  /** Returns a new consumer for checks, which read few records. */
  public static KafkaConsumer<byte[], byte[]> consumer(SluiceConfig config) {
    return consumer(
        config,
        Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            FETCH_MAX_WAIT_MS,
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            FETCH_MAX_BYTES,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            POLL_RECORDS_MAX));
  }

  /**
   * Returns a new consumer that reads committed records, commits nothing and creates no topic.
   *
   * @param settings further settings of the consumer
   */
  public static KafkaConsumer<byte[], byte[]> consumer(
      SluiceConfig config, Map<String, Object> settings) {
    var all = new HashMap<>(config.clientConfig());
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.putAll(settings);
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Assigns all partitions of topics.
   *
   * @return the partitions
   */
  public static List<TopicPartition> assign(
      KafkaConsumer<byte[], byte[]> consumer, List<String> topics) {
    var partitions =
        topics.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    return partitions;
  }

  /**
   * Returns the first committed record of a range of offsets; empty if there is none.
   *
   * @param from the range's first offset
   * @param to the offset behind the range
   * @throws OperatorException if the range cannot be read in time
   */
  public Optional<ConsumerRecord<byte[], byte[]>> first(
      TopicPartition partition, long from, long to) {
    var assigned = List.of(partition);
    consumer.assign(assigned);
    var end = Math.min(to, consumer.endOffsets(assigned).getOrDefault(partition, 0L));
    consumer.seek(partition, from);
    var began = System.nanoTime();
    while (consumer.position(partition) < end) {
      for (var record : consumer.poll(POLL)) {
        return record.offset() < end ? Optional.of(record) : Optional.empty();
      }
      if (System.nanoTime() - began > READ_MAX_NS) {
        throw new OperatorException(
            "cannot read %s from offset %d on to check whether records were skipped; try again"
                .formatted(partition, from));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
