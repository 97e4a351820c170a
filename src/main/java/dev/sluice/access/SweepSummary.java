package dev.sluice.access;

/**
 * The sweeps in progress of one task.
 *
 * @param count how many products are being swept
 * @param membersLeft about how many of their members are to be done
 * @param oldestSinceMs when the oldest began, in milliseconds since the epoch; without meaning
 *     where there is none
 */
public record SweepSummary(int count, long membersLeft, long oldestSinceMs) {

  /** No sweep at all. */
  public static final SweepSummary NONE = new SweepSummary(0, 0, Long.MAX_VALUE);
}
