package dev.sluice.auth;

import dev.sluice.limits.LruMap;
import java.util.function.LongSupplier;

/**
 * How often each caller may ask: a bucket each, which fills steadily and holds two seconds' worth.
 * Those who have not asked for longest are forgotten first.
 */
public final class RateLimit {
  private static final int CALLERS_MAX = 10_000;
  private static final double HELD_SECONDS = 2;
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final LongSupplier nanoTime;
  private final LruMap<String, Bucket> buckets = new LruMap<>(CALLERS_MAX);

  private record Bucket(double left, long atNs) {}

  /**
   * So many a second.
   *
   * @param perSecond 0 for no limit
   */
  public RateLimit(double perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
  }

  /** Whether the caller may ask now; it counts. */
  public synchronized boolean take(String caller) {
    if (perSecond == 0) {
      return true;
    }
    var now = nanoTime.getAsLong();
    var full = Math.max(1, perSecond * HELD_SECONDS);
    var before = buckets.get(caller);
    var left =
        before == null
            ? full
            : Math.min(full, before.left + (now - before.atNs) / NANOS * perSecond);
    var taken = left >= 1;
    buckets.put(caller, new Bucket(taken ? left - 1 : left, now));
    return taken;
  }
}
