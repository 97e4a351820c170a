package dev.sluice.registry;

import dev.sluice.limits.LruMap;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Caches a registry's answers, so that no record costs a request. The least recently used values
 * are evicted. A refusal is kept for {@link #REFUSAL_LIFETIME}. Outages are not cached.
 */
final class LookupCache<K, V> {
  static final Duration REFUSAL_LIFETIME = Duration.ofSeconds(10);

  /** Maximum number of cached schemas and other answers. */
  static final int ENTRIES_MAX = 1_000;

  /** Maximum size of all cached schemas together, in characters. */
  static final long WEIGHT_MAX = 2 << 20;

  private record Refusal(SerializationException answer, long nanoTime) {}

  private final LruMap<K, V> values;
  private final LruMap<K, Refusal> refusals = new LruMap<>(ENTRIES_MAX);
  private final LongSupplier nanoClock;
  private final Predicate<SerializationException> isCacheable;

  LookupCache(LongSupplier nanoClock) {
    this(nanoClock, value -> 0, refusal -> true);
  }

  /**
   * Creates a cache of values with a weight.
   *
   * @param weigher returns the weight of a value
   * @param isCacheable decides which refusals are cached
   */
  LookupCache(
      LongSupplier nanoClock,
      ToIntFunction<V> weigher,
      Predicate<SerializationException> isCacheable) {
    this.nanoClock = nanoClock;
    this.isCacheable = isCacheable;
    this.values = new LruMap<>(ENTRIES_MAX, WEIGHT_MAX, weigher);
  }

  /** Returns the cached answer, or that of the look-up, which runs without a lock held. */
  V get(K key, Supplier<V> lookUp) {
    V cached = cached(key);
    if (cached != null) {
      return cached;
    }
    try {
      V value = lookUp.get();
      put(key, value);
      return value;
    } catch (SerializationException refusal) {
      if (isCacheable.test(refusal)) {
        put(key, refusal);
      }
      throw refusal;
    }
  }

  private synchronized @Nullable V cached(K key) {
    Refusal refusal = refusals.get(key);
    if (refusal != null) {
      if (nanoClock.getAsLong() - refusal.nanoTime() < REFUSAL_LIFETIME.toNanos()) {
        throw refusal.answer();
      }
      refusals.remove(key);
    }
    return values.get(key);
  }

  private synchronized void put(K key, V value) {
    values.put(key, value);
  }

  private synchronized void put(K key, SerializationException refusal) {
    refusals.put(key, new Refusal(refusal, nanoClock.getAsLong()));
  }
}
