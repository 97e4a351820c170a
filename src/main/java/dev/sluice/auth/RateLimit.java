package dev.sluice.auth;

import dev.sluice.limits.LruMap;
import java.util.function.LongSupplier;

/**
 * Limits the request rate of each caller with a token bucket, which holds the tokens of two
 * seconds. The least recent callers are evicted first.
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
   * Creates a limit.
   *
   * @param perSecond maximum rate; 0 for no limit
   */
  public RateLimit(double perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
  }

  /** Counts a request; returns whether it is within the limit. */
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
