package dev.sluice.access;

import dev.sluice.limits.LruMap;
import org.jspecify.annotations.Nullable;

/** Cache of recently used deltas, bounded by the number of their sources. */
public final class ProductDeltaCache {
  private static final int MOVES_MAX = 64;
  private static final int SOURCES_MAX = 50_000;

  private record Key(String productId, long from) {}

  private final LruMap<Key, ProductDelta> productDeltas =
      new LruMap<>(MOVES_MAX, SOURCES_MAX, ProductDelta::size);

  public @Nullable ProductDelta get(String productId, long from) {
    return productDeltas.get(new Key(productId, from));
  }

  public void put(long from, ProductDelta productDelta) {
    productDeltas.put(new Key(productDelta.productId(), from), productDelta);
  }

  public void forget(String productId) {
    productDeltas.removeIf(key -> key.productId.equals(productId));
  }
}
