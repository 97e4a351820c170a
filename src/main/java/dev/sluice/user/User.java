package dev.sluice.user;

import dev.sluice.product.SeenEvents;

/**
 * A user, as far as events about users tell.
 *
 * @param active whether the user may have access
 * @param seenEvents the sequences that the user's events came with
 */
public record User(String userId, boolean active, SeenEvents seenEvents) {

  /** Returns a user without any event: an active one. */
  public static User unknown(String userId) {
    return new User(userId, true, SeenEvents.none());
  }

  /** Returns whether the user is like one without any event, and need not be remembered. */
  public boolean isUnknown() {
    return active && seenEvents.lastSequence() == null;
  }
}
