package dev.sluice.bench;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * The latencies of records sent at a steady pace, each of a user of its own. They count from when a
 * record was due, not from when it was sent: a sender that is held up does not hide it.
 */
final class Latencies {
  private final int firstUser;
  private final long everyNs;
  private final long beganNs = System.nanoTime();
  private final long[] nanos;
  private int open;

  /** Of so many users, beginning now. */
  Latencies(int firstUser, int count, long everyNs) {
    this.firstUser = firstUser;
    this.everyNs = everyNs;
    this.nanos = new long[count];
    this.open = count;
  }

  int count() {
    return nanos.length;
  }

  /** How many are not readable yet. */
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

  /** These are readable now. Passes over those of other users. */
  void readable(ConsumerRecords<byte[], byte[]> records) {
    var now = System.nanoTime();
    for (var record : records) {
      var index = Names.userOf(record.key()) - firstUser;
      if (index >= 0 && index < nanos.length && nanos[index] == 0) {
        nanos[index] = Math.max(1, now - dueNs(index));
        open--;
      }
    }
  }

  private long dueNs(int index) {
    return beganNs + index * everyNs;
  }

  /** All of them, in nanoseconds, by index. */
  long[] nanos() {
    return Arrays.copyOf(nanos, nanos.length);
  }
}
