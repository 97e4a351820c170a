package dev.sluice.offsets;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Growth of offsets between two measurements. Measurements that are too far apart give no present
 * rate.
 */
final class OffsetRate {
  private static final long GAP_MS_MAX = Duration.ofMinutes(2).toMillis();
  private static final double MS = 1e3;

  private @Nullable Reading before;

  private record Reading(long ms, long offsets) {}

  /** Returns whether a measurement now is comparable with the one before. */
  boolean follows(long nowMs) {
    var last = before;
    return last != null && nowMs > last.ms && nowMs - last.ms <= GAP_MS_MAX;
  }

  /**
   * Returns offsets per second since the measurement before.
   *
   * @param offsets the sum over all partitions
   * @return null if there was none, or none that is comparable
   */
  @Nullable Double next(long nowMs, long offsets) {
    var follows = follows(nowMs);
    var last = before;
    before = new Reading(nowMs, offsets);
    // A topic that was recreated begins at 0.
    return last == null || !follows
        ? null
        : (Double) (Math.max(0, offsets - last.offsets) * MS / (nowMs - last.ms));
  }
}
