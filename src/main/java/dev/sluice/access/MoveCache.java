package dev.sluice.access;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The moves that were made last, as many as hold a bounded number of sources. */
final class MoveCache {
  private static final int SOURCES_MAX = 50_000;

  private record Entry(long from, Move move) {}

  private final Deque<Entry> newestFirst = new ArrayDeque<>();
  private int sources;

  @Nullable Move get(String productId, long from) {
    for (var entry : newestFirst) {
      if (entry.from == from && entry.move.productId().equals(productId)) {
        return entry.move;
      }
    }
    return null;
  }

  void put(long from, Move move) {
    newestFirst.addFirst(new Entry(from, move));
    sources += weight(move);
    while (sources > SOURCES_MAX && newestFirst.size() > 1) {
      sources -= weight(newestFirst.removeLast().move);
    }
  }

  void forget(String productId) {
    newestFirst.removeIf(entry -> entry.move.productId().equals(productId));
    sources = newestFirst.stream().mapToInt(entry -> weight(entry.move)).sum();
  }

  /** So that the entries are bounded too, as they are walked. */
  private static int weight(Move move) {
    return move.size() + SOURCES_MAX / 64;
  }
}
