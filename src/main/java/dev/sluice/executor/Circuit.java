package dev.sluice.executor;

import org.jspecify.annotations.Nullable;

/**
 * Whether the platform is tried at all. It opens when the platform as a whole has a trouble, and
 * lets one step pass when its time is over. That step closes it, or opens it for longer.
 *
 * @param failures how often the platform failed in a row
 * @param openUntilMs until when nothing is tried, in milliseconds since the epoch
 * @param last the last trouble; null while it is closed
 */
public record Circuit(int failures, long openUntilMs, @Nullable Trouble last) {
  /** Everything may be tried. */
  public static final Circuit CLOSED = new Circuit(0, Long.MIN_VALUE, null);

  private static final String KEY = "platform";

  /** Returns whether nothing is tried now. */
  public boolean isOpen(long nowMs) {
    return nowMs < openUntilMs;
  }

  /** Returns the circuit after one more trouble of the platform. */
  Circuit failed(Trouble trouble, Backoff backoff, long nowMs) {
    var times = failures == Integer.MAX_VALUE ? failures : failures + 1;
    return new Circuit(times, nowMs + backoff.delayMs(times, KEY), trouble);
  }
}
