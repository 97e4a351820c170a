package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.offsets.CommittedRecords;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Reads all partitions of topics like a fast consumer: committed records only, in large fetches,
 * without decoding. For one thread.
 */
public final class CommittedReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  /** Maximum time without any record, after which the measurement fails. */
  private static final Duration STALLED_MAX = Duration.ofMinutes(2);

  private static final int FETCH_WAIT_MS = 20;
  private static final int FETCH_BYTES = 64 << 20;
  private static final int PARTITION_BYTES = 8 << 20;
  private static final int POLL_RECORDS = 50_000;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Runnable meanwhile;
  private long idleNs;

  /**
   * Creates a reader from the current end.
   *
   * @param meanwhile runs between polls; its exception ends the reading
   */
  static CommittedReader atEnd(SluiceConfig config, String topic, Runnable meanwhile) {
    return atEnd(config, List.of(topic), meanwhile);
  }

  /** Creates a reader of several topics from the current end. */
  static CommittedReader atEnd(SluiceConfig config, List<String> topics, Runnable meanwhile) {
    var reader = new CommittedReader(config, topics, meanwhile);
    reader.consumer.seekToEnd(reader.consumer.assignment());
    // Read now, so that records between this and the first poll are not skipped.
    reader.consumer.assignment().forEach(reader.consumer::position);
    return reader;
  }

  /** Creates a reader from the first record. */
  public static CommittedReader atBeginning(SluiceConfig config, List<String> topics) {
    var reader = new CommittedReader(config, topics, () -> {});
    reader.consumer.seekToBeginning(reader.consumer.assignment());
    return reader;
  }

  private CommittedReader(SluiceConfig config, List<String> topics, Runnable meanwhile) {
    this.meanwhile = meanwhile;
    consumer =
        CommittedRecords.consumer(
            config,
            Map.of(
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                FETCH_WAIT_MS,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                FETCH_BYTES,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                PARTITION_BYTES,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                POLL_RECORDS));
    assign(topics);
  }

  /** Waits for the broker to know topics that were created a moment ago. */
  private void assign(List<String> topics) {
    var began = System.nanoTime();
    while (topics.stream().anyMatch(topic -> consumer.partitionsFor(topic).isEmpty())) {
      if (System.nanoTime() - began > STALLED_MAX.toNanos()) {
        throw new BenchException("the broker does not know all of the topics " + topics);
      }
    }
    CommittedRecords.assign(consumer, topics);
  }

  /**
   * Returns available records, after waiting a moment for the first.
   *
   * @throws BenchException if no record came for too long
   */
  ConsumerRecords<byte[], byte[]> poll() {
    meanwhile.run();
    var began = System.nanoTime();
    var records = consumer.poll(POLL);
    idleNs = records.isEmpty() ? idleNs + System.nanoTime() - began : 0;
    if (idleNs > STALLED_MAX.toNanos()) {
      throw new BenchException(
          "more records are expected, but none came for " + STALLED_MAX.toSeconds() + " s");
    }
    return records;
  }

  /**
   * Reads a number of records.
   *
   * @return the time at which the last one was readable, by System.nanoTime
   * @throws BenchException if too few records come
   */
  long read(long count, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    return read(count, each, done -> {});
  }

  /** Reads a number of records, and reports the count so far. */
  long read(long count, Consumer<ConsumerRecord<byte[], byte[]>> each, Consumer<Long> reached) {
    var done = 0L;
    var at = System.nanoTime();
    while (done < count) {
      var records = poll();
      at = System.nanoTime();
      records.forEach(each);
      done += records.count();
      reached.accept(done);
    }
    return at;
  }

  /** Reads everything committed so far; returns the number of records. */
  public long drain(Consumer<ConsumerRecord<byte[], byte[]>> each) {
    var ends = consumer.endOffsets(consumer.assignment());
    var done = 0L;
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      var records = poll();
      records.forEach(each);
      done += records.count();
    }
    return done;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
