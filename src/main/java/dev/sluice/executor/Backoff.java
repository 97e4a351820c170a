package dev.sluice.executor;

/**
 * How long to wait before the next try: twice as long each time, within bounds, and shorter by up
 * to a fifth, so that pairs which failed together are not tried together again.
 *
 * @param minMs the first wait, in milliseconds; above 0
 * @param maxMs the longest wait, in milliseconds
 */
public record Backoff(long minMs, long maxMs) {
  private static final int DOUBLINGS_MAX = 40;
  private static final int JITTER_PART = 5;
  private static final int STEPS = 1_000;

  /** Checks the bounds. */
  public Backoff {
    if (minMs <= 0 || maxMs < minMs) {
      throw new IllegalArgumentException("0 < %d <= %d does not hold".formatted(minMs, maxMs));
    }
  }

  /**
   * Returns the wait in milliseconds.
   *
   * @param attempts how often it failed, from 1
   * @param key what failed: another key gives another wait
   */
  public long delayMs(int attempts, String key) {
    var doublings = Math.min(DOUBLINGS_MAX, attempts - 1);
    var full = minMs > maxMs >> doublings ? maxMs : minMs << doublings;
    return jittered(full, attempts, key);
  }

  /** Returns the longest wait in milliseconds, made different for each key. */
  public long longestMs(int attempts, String key) {
    return jittered(maxMs, attempts, key);
  }

  /** No random number, so that a decision can be repeated. */
  private static long jittered(long ms, int attempts, String key) {
    var hash = (key.hashCode() * 31 + attempts) * 0x9E3779B9;
    return ms - ms / JITTER_PART * Math.floorMod(hash ^ hash >>> 16, STEPS) / STEPS;
  }
}
