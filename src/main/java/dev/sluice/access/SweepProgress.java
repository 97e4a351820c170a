package dev.sluice.access;

/**
 * Size of a sweep, for monitoring; no decision reads it.
 *
 * @param sinceMs arrival of the sweep's first revision, in milliseconds since the epoch; 0 if
 *     unknown
 * @param membersLeft approximate number of members left: members who join or leave in the meantime
 *     are not counted
 */
public record SweepProgress(long sinceMs, long membersLeft) {

  /**
   * Returns the progress after another revision arrived: all members are to be processed, some of
   * them again.
   */
  public SweepProgress over(long members) {
    return new SweepProgress(sinceMs, members);
  }

  /** Returns the progress after a number of members was processed. */
  public SweepProgress done(long members) {
    return new SweepProgress(sinceMs, Math.max(0, membersLeft - members));
  }
}
