package dev.sluice.offsets;

import java.util.ArrayDeque;

/** End offsets of one partition over time, for the age of records that are not processed. */
final class LagHistory {
  private static final int SAMPLES_MAX = 512;

  private record Sample(long atMs, long end) {}

  private final ArrayDeque<Sample> oldestFirst = new ArrayDeque<>();
  private long firstMs;

  /** Adds a sample of the partition's end. */
  void add(long atMs, long end) {
    if (oldestFirst.isEmpty()) {
      firstMs = atMs;
    } else if (oldestFirst.getLast().end == end) {
      oldestFirst.removeLast();
    }
    oldestFirst.addLast(new Sample(atMs, end));
    if (oldestFirst.size() > SAMPLES_MAX) {
      oldestFirst.removeFirst();
    }
  }

  /**
   * Returns the maximum age of the first unprocessed record; 0 if all are processed. If the record
   * arrived before the first sample, this is the minimum age.
   *
   * @param committed the offset before which all records are processed
   */
  long waitingMs(long nowMs, long committed) {
    if (oldestFirst.isEmpty() || oldestFirst.getLast().end <= committed) {
      return 0;
    }
    long since = firstMs;
    for (var sample : oldestFirst) {
      if (sample.end > committed) {
        break;
      }
      since = sample.atMs;
    }
    return nowMs - since;
  }

  /** Returns whether the first unprocessed record arrived after the first sample. */
  boolean covers(long committed) {
    return !oldestFirst.isEmpty() && oldestFirst.getFirst().end <= committed;
  }
}
