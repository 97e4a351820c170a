package dev.sluice.access;

import dev.sluice.avro.internal.StoredSweep;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The sweeps in progress, of one task; read once, as every touch asks for them. */
final class Sweeps {
  private final KeyValueStore<String, StoredSweep> store;
  private final TreeMap<String, Sweep> byProduct = new TreeMap<>();
  private boolean read;

  Sweeps(ProcessorContext<?, ?> context) {
    store = AccessStores.of(context, AccessStores.SWEEPS);
  }

  private TreeMap<String, Sweep> all() {
    if (!read) {
      try (var entries = store.all()) {
        entries.forEachRemaining(e -> byProduct.put(e.key, AccessAvro.fromAvro(e.value)));
      }
      read = true;
    }
    return byProduct;
  }

  boolean isEmpty() {
    return all().isEmpty();
  }

  boolean contains(String productId) {
    return all().containsKey(productId);
  }

  @Nullable Sweep get(String productId) {
    return all().get(productId);
  }

  void put(String productId, Sweep sweep) {
    all().put(productId, sweep);
    store.put(productId, AccessAvro.toAvro(sweep));
  }

  void remove(String productId) {
    if (all().remove(productId) != null) {
      store.delete(productId);
    }
  }

  /** The product whose turn comes after that one's, round and round; null when there is none. */
  @Nullable String after(String productId) {
    if (all().isEmpty()) {
      return null;
    }
    var next = all().higherKey(productId);
    return next == null ? all().firstKey() : next;
  }
}
