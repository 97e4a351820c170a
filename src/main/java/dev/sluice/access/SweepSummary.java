package dev.sluice.access;

/**
 * Summary of the sweeps in progress of one task.
 *
 * @param count number of products being swept
 * @param membersLeft approximate number of their members left
 * @param oldestSinceMs start of the oldest sweep, in milliseconds since the epoch; without meaning
 *     if there is none
 */
public record SweepSummary(int count, long membersLeft, long oldestSinceMs) {

  /** No sweep. */
  public static final SweepSummary NONE = new SweepSummary(0, 0, Long.MAX_VALUE);
}
