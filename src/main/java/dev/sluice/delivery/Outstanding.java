package dev.sluice.delivery;

import org.jspecify.annotations.Nullable;

/**
 * A command that no platform has confirmed yet.
 *
 * @param sinceMs since when it is in this state, in milliseconds since the epoch
 * @param overdueSinceMs when its deadline passed, in milliseconds since the epoch; null before that
 * @param last what the last result says; {@link ResultDetails#NONE} before the first
 */
public record Outstanding(
    Command command,
    DeliveryState state,
    long sinceMs,
    @Nullable Long overdueSinceMs,
    ResultDetails last) {

  /** Returns a command without any result. */
  static Outstanding of(Command command) {
    return new Outstanding(
        command, DeliveryState.PENDING, command.commandedAtMs(), null, ResultDetails.NONE);
  }

  /** Returns whether its deadline has passed. */
  public boolean isOverdue() {
    return overdueSinceMs != null;
  }

  Outstanding overdueSince(long ms) {
    return new Outstanding(command, state, sinceMs, ms, last);
  }
}
