package dev.sluice.dev.bench;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * Latencies of records sent at a steady pace, each of its own user. They count from the due time,
 * not from the sending, so that a delayed sender does not hide latency.
 */
final class Latencies {
  private static final long OPEN = -1;

  private final int firstUser;
  private final long everyNs;
  private final long beganNs = System.nanoTime();
  private final int[] partitions;
  private final long[] offsets;
  private int open;

  /** Creates latencies that begin now. */
  Latencies(int firstUser, int count, long everyNs) {
    this.firstUser = firstUser;
    this.everyNs = everyNs;
    this.partitions = new int[count];
    this.offsets = new long[count];
    Arrays.fill(offsets, OPEN);
    this.open = count;
  }

  int count() {
    return offsets.length;
  }

  /** Returns the number of records not yet read. */
  int open() {
    return open;
  }

  /** Waits until a record is due. */
  void awaitDue(int index) {
    long left;
    while ((left = dueNs(index) - System.nanoTime()) > 0) {
      LockSupport.parkNanos(left);
    }
  }

  /** Notes records as read. Ignores those of other users. */
  void read(ConsumerRecords<byte[], byte[]> records) {
    for (var record : records) {
      var index = Names.userOf(record.key()) - firstUser;
      if (index >= 0 && index < offsets.length && offsets[index] == OPEN) {
        partitions[index] = record.partition();
        offsets[index] = record.offset();
        open--;
      }
    }
  }

  private long dueNs(int index) {
    return beganNs + index * everyNs;
  }

  /**
   * Returns the time of each record from its due time until it was readable, in nanoseconds, by
   * index.
   */
  long[] nanos(StableOffsets stable) {
    var nanos = new long[offsets.length];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = stable.readableNs(partitions[i], offsets[i]) - dueNs(i);
    }
    return nanos;
  }
}
