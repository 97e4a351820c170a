package dev.sluice.offsets;

import java.util.ArrayDeque;

/**
 * Where the end of one partition was at which time: it tells for how long what is not processed has
 * been waiting.
 */
final class LagHistory {
  private static final int SAMPLES_MAX = 512;

  private record Sample(long atMs, long end) {}

  private final ArrayDeque<Sample> oldestFirst = new ArrayDeque<>();
  private long firstMs;

  /** At that time the partition ended there. */
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
   * How long the first record that is not processed has been there at most; 0 when all are. Where
   * it was there before the first sample: at least.
   *
   * @param position the offset up to which all is processed
   */
  long waitingMs(long nowMs, long position) {
    if (oldestFirst.isEmpty() || oldestFirst.getLast().end <= position) {
      return 0;
    }
    long since = firstMs;
    for (var sample : oldestFirst) {
      if (sample.end > position) {
        break;
      }
      since = sample.atMs;
    }
    return nowMs - since;
  }

  /** Whether the first record that is not processed came after the first sample. */
  boolean covers(long position) {
    return !oldestFirst.isEmpty() && oldestFirst.getFirst().end <= position;
  }
}
