package dev.sluice.dev.bench;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * The latencies of records sent at a steady pace, each of a user of its own. They count from when a
 * record was due, not from when it was sent: a sender that is held up does not hide it.
 */
final class Latencies {
  private static final long OPEN = -1;

  private final int firstUser;
  private final long everyNs;
  private final long beganNs = System.nanoTime();
  private final int[] partitions;
  private final long[] offsets;
  private int open;

  /** Of so many users, beginning now. */
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

  /** How many are not read yet. */
  int open() {
    return open;
  }

  /** Waits until the record of that index is due. */
  void awaitDue(int index) {
    long left;
    while ((left = dueNs(index) - System.nanoTime()) > 0) {
      LockSupport.parkNanos(left);
    }
  }

  /** These were read. Passes over those of other users. */
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

  /** From when each was due to its being readable, in nanoseconds, by index. */
  long[] nanos(StableOffsets stable) {
    var nanos = new long[offsets.length];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = stable.readableNs(partitions[i], offsets[i]) - dueNs(i);
    }
    return nanos;
  }
}
