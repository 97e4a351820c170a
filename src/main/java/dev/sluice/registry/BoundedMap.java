package dev.sluice.registry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the most recently used entries: {@value #LIMIT} at most, and of values that have a weight
 * so many as weigh {@value #WEIGHT_LIMIT} together. Not safe for several threads.
 */
final class BoundedMap<K, V> {
  static final int LIMIT = 1000;
  static final long WEIGHT_LIMIT = 2 << 20;

  private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final ToIntFunction<V> weigher;
  private long weight;

  /** Of values that weigh nothing. */
  BoundedMap() {
    this(value -> 0);
  }

  BoundedMap(ToIntFunction<V> weigher) {
    this.weigher = weigher;
  }

  @Nullable V get(K key) {
    return entries.get(key);
  }

  /** Keeps the value, be it ever so heavy, and of the others what there is room for. */
  void put(K key, V value) {
    remove(key);
    entries.put(key, value);
    weight += weigher.applyAsInt(value);
    while (entries.size() > LIMIT || (weight > WEIGHT_LIMIT && entries.size() > 1)) {
      remove(entries.keySet().iterator().next());
    }
  }

  void remove(K key) {
    var removed = entries.remove(key);
    if (removed != null) {
      weight -= weigher.applyAsInt(removed);
    }
  }

  void clear() {
    entries.clear();
    weight = 0;
  }

  int size() {
    return entries.size();
  }
}
