package dev.sluice.executor;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Stops a mistake that would take the access of many: it counts the revokes that wait, and those
 * that were decided within a window. Suspensions and expiries never count. Everything that one user
 * loses by a decision about that user counts once, however many sources it concerns.
 */
final class Brake {
  private static final Set<String> OF_SOURCES = Set.of("SOURCE_REMOVED", "PRODUCT_DELETED");
  private static final Set<String> OF_USERS = Set.of("ACCESS_REVOKED", "USER_DEACTIVATED");
  private static final int PERCENT = 100;

  private final BrakeLimits limits;

  /** How often each unit is waiting or within the window. */
  private final Map<String, Integer> units = new HashMap<>();

  private final Deque<Decided> window = new ArrayDeque<>();

  private record Decided(String unit, long atMs) {}

  Brake(BrakeLimits limits) {
    this.limits = limits;
  }

  /** Returns whether a command is of a kind that may be held. */
  static boolean appliesTo(Command command) {
    return command.action() == CommandAction.REVOKE
        && (OF_SOURCES.contains(command.reason()) || OF_USERS.contains(command.reason()));
  }

  private static String unit(Command command) {
    return OF_USERS.contains(command.reason()) ? command.userId() : command.key();
  }

  /** Counts a command that waits for a decision. */
  void arrived(Command command) {
    units.merge(unit(command), 1, Integer::sum);
  }

  /** Takes back {@link #arrived}. */
  void left(Command command) {
    remove(unit(command));
  }

  /** Counts a command that was let pass or held. */
  void decided(Command command, long nowMs) {
    var unit = unit(command);
    units.merge(unit, 1, Integer::sum);
    window.addLast(new Decided(unit, nowMs));
  }

  private void remove(String unit) {
    units.computeIfPresent(unit, (key, count) -> count == 1 ? null : count - 1);
  }

  /**
   * Returns whether there are too many.
   *
   * @param holders how many have access now
   */
  boolean isTripped(long holders, long nowMs) {
    for (var oldest = window.peekFirst();
        oldest != null && oldest.atMs() <= nowMs - limits.windowMs();
        oldest = window.peekFirst()) {
      remove(oldest.unit());
      window.removeFirst();
    }
    var count = units.size();
    return limits.revokesMax() > 0 && count > limits.revokesMax()
        || limits.sharePercentMax() > 0
            && count >= limits.shareCountMin()
            && (long) count * PERCENT > limits.sharePercentMax() * Math.max(holders, count);
  }
}
