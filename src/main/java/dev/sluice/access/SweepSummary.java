package dev.sluice.access;

/**
 * Summary of the sweeps of one task, and of its deactivated users.
 *
 * @param count number of products being swept
 * @param membersLeft approximate number of their members left
 * @param oldestSinceMs start of the oldest sweep, in milliseconds since the epoch; without meaning
 *     if there is none
 * @param usersLeft number of users whose access is still to be taken or given back
 * @param usersDeactivated number of users whose access is withheld, wholly or in part
 */
public record SweepSummary(
    int count, long membersLeft, long oldestSinceMs, int usersLeft, long usersDeactivated) {

  /** No sweep. */
  public static final SweepSummary NONE = new SweepSummary(0, 0, Long.MAX_VALUE, 0, 0);

  /** Returns the same with other numbers of users. */
  public SweepSummary with(int newUsersLeft, long newUsersDeactivated) {
    return new SweepSummary(count, membersLeft, oldestSinceMs, newUsersLeft, newUsersDeactivated);
  }
}
