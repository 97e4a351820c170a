package dev.sluice.delivery;

/**
 * How long commands may be outstanding before they are overdue.
 *
 * @param grantMs for a GRANT, in milliseconds
 * @param revokeMs for a REVOKE, in milliseconds
 */
public record Deadlines(long grantMs, long revokeMs) {

  /** Returns the time for an action, in milliseconds. */
  public long of(CommandAction action) {
    return action == CommandAction.GRANT ? grantMs : revokeMs;
  }

  /** Returns when a command becomes overdue, in milliseconds since the epoch. */
  public long passesAtMs(Command command) {
    return command.commandedAtMs() + of(command.action());
  }
}
