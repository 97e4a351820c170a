package dev.sluice.access;

import dev.sluice.limits.LruMap;
import org.jspecify.annotations.Nullable;

/** The moves that were used last, as many as hold a bounded number of sources. */
final class MoveCache {
  private static final int MOVES_MAX = 64;
  private static final int SOURCES_MAX = 50_000;

  private record Key(String productId, long from) {}

  private final LruMap<Key, Move> moves = new LruMap<>(MOVES_MAX, SOURCES_MAX, Move::size);

  @Nullable Move get(String productId, long from) {
    return moves.get(new Key(productId, from));
  }

  void put(long from, Move move) {
    moves.put(new Key(move.productId(), from), move);
  }

  void forget(String productId) {
    moves.removeIf(key -> key.productId.equals(productId));
  }
}
