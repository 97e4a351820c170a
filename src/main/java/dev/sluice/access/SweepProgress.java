package dev.sluice.access;

/**
 * How large a sweep is, for those who watch it; nothing is decided by it.
 *
 * @param sinceMs when the revision that it began with arrived, in milliseconds since the epoch; 0
 *     where it is not known
 * @param membersLeft about how many members are to be done: whoever joins or leaves meanwhile is
 *     not counted
 */
public record SweepProgress(long sinceMs, long membersLeft) {

  /** After another revision came: all members are to be done, again or for the first time. */
  public SweepProgress over(long members) {
    return new SweepProgress(sinceMs, members);
  }

  /** After so many members were done. */
  public SweepProgress done(long members) {
    return new SweepProgress(sinceMs, Math.max(0, membersLeft - members));
  }
}
