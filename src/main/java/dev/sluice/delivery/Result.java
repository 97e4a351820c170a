package dev.sluice.delivery;

import dev.sluice.update.SourceRef;

/**
 * The outcome of a command, as its executor or another consumer reports it.
 *
 * @param number says which command of the user and source it is about
 * @param atMs when the outcome was known, in milliseconds since the epoch
 */
public record Result(
    String userId,
    SourceRef source,
    CommandAction action,
    CommandNumber number,
    ResultOutcome outcome,
    ResultDetails details,
    long atMs) {

  /** Longest time that a result may be ahead of the reader's clock, in milliseconds. */
  public static final long FUTURE_MAX_MS = 300_000;

  /** Returns the key of the command. */
  public String key() {
    return Command.key(userId, source);
  }

  /** Returns whether its time is further ahead of the clock than clocks differ. */
  public boolean isFromFuture(long nowMs) {
    return atMs > nowMs + FUTURE_MAX_MS;
  }

  /** Returns the same result with another time. */
  public Result at(long ms) {
    return new Result(userId, source, action, number, outcome, details, ms);
  }

  /** Returns whether another result says the same of the same command, at whatever time. */
  boolean saysTheSameAs(Result other) {
    return number.equals(other.number)
        && action == other.action
        && outcome == other.outcome
        && details.equals(other.details);
  }
}
