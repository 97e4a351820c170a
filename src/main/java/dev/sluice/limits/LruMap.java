package dev.sluice.limits;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map that drops the least recently used entries. The bound is on their number and,
 * optionally, on the weight of their values. Not thread-safe.
 */
public final class LruMap<K, V> {
  private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final int entriesMax;
  private final long weightMax;
  private final ToIntFunction<V> weigher;
  private long weight;

  /** Creates a map bounded by the number of entries. */
  public LruMap(int entriesMax) {
    this(entriesMax, Long.MAX_VALUE, value -> 0);
  }

  /**
   * Creates a map bounded by number and weight.
   *
   * @param weightMax maximum weight of all values together; a single value that weighs more is kept
   *     alone
   */
  public LruMap(int entriesMax, long weightMax, ToIntFunction<V> weigher) {
    this.entriesMax = entriesMax;
    this.weightMax = weightMax;
    this.weigher = weigher;
  }

  /** Returns the value, and marks the entry as used; null for none. */
  public @Nullable V get(K key) {
    return entries.get(key);
  }

  /** Stores a value, and drops others if there are too many or if they weigh too much. */
  public void put(K key, V value) {
    remove(key);
    entries.put(key, value);
    weight += weigher.applyAsInt(value);
    while (entries.size() > entriesMax || (weight > weightMax && entries.size() > 1)) {
      remove(entries.keySet().iterator().next());
    }
  }

  public void remove(K key) {
    var removed = entries.remove(key);
    if (removed != null) {
      weight -= weigher.applyAsInt(removed);
    }
  }

  public void removeIf(Predicate<K> condition) {
    entries.keySet().stream().filter(condition).toList().forEach(this::remove);
  }

  public void clear() {
    entries.clear();
    weight = 0;
  }

  public int size() {
    return entries.size();
  }
}
