package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.offsets.CommittedRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Records when each offset of a topic became readable for a read_committed reader, by repeated
 * requests for the last stable offsets. An actual reader may read it later, if it is still busy
 * with earlier records.
 */
final class StableOffsets implements AutoCloseable {
  private static final long EVERY_NS = Duration.ofMillis(2).toNanos();

  private record Sample(long atNs, long[] offsets) {}

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final List<Sample> samples = new ArrayList<>();
  private final Thread thread = new Thread(this::watch, "stable-offsets");
  private volatile boolean closed;

  /** Starts watching. */
  StableOffsets(SluiceConfig config, String topic) {
    consumer = CommittedRecords.consumer(config);
    // It does not read them; but the client warns of each answer about an unassigned partition.
    partitions = CommittedRecords.assign(consumer, List.of(topic));
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    while (!closed) {
      sample();
      LockSupport.parkNanos(EVERY_NS);
    }
    sample();
    consumer.close();
  }

  private void sample() {
    var ends = consumer.endOffsets(partitions);
    var offsets = new long[partitions.size()];
    ends.forEach((partition, end) -> offsets[partition.partition()] = end);
    samples.add(new Sample(System.nanoTime(), offsets));
  }

  /** Ends the watching; required before reading results. */
  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join();
  }

  /** Returns when a record was first seen to be readable, by System.nanoTime. */
  long readableNs(int partition, long offset) {
    int below = -1;
    int at = samples.size();
    while (at - below > 1) {
      int middle = (below + at) >>> 1;
      if (samples.get(middle).offsets[partition] > offset) {
        at = middle;
      } else {
        below = middle;
      }
    }
    if (at == samples.size()) {
      throw new BenchException(
          "offset %d of partition %d was read before it was readable".formatted(offset, partition));
    }
    return samples.get(at).atNs;
  }
}
