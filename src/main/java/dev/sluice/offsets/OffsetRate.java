package dev.sluice.offsets;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast offsets grow, from one look to the next. Two looks that are far apart, since nobody
 * asked in between, say nothing of now.
 */
final class OffsetRate {
  private static final long GAP_MS_MAX = Duration.ofMinutes(2).toMillis();
  private static final double MS = 1e3;

  private @Nullable Reading before;

  private record Reading(long ms, long offsets) {}

  /** Whether a look now can be held against the one before. */
  boolean follows(long nowMs) {
    var last = before;
    return last != null && nowMs > last.ms && nowMs - last.ms <= GAP_MS_MAX;
  }

  /**
   * Offsets a second since the look before.
   *
   * @param offsets the sum over all partitions
   * @return null where there was none, or none that says anything
   */
  @Nullable Double next(long nowMs, long offsets) {
    var follows = follows(nowMs);
    var last = before;
    before = new Reading(nowMs, offsets);
    // A topic that was made anew begins at 0.
    return last == null || !follows
        ? null
        : (Double) (Math.max(0, offsets - last.offsets) * MS / (nowMs - last.ms));
  }
}
