package dev.sluice.access;

import org.jspecify.annotations.Nullable;

/**
 * A user who is deactivated, or whose access is being given back.
 *
 * @param active whether the user is active again
 * @param pending whether commands for the user are still pending
 * @param sinceMs the time of the last event, in milliseconds since the epoch
 * @param reason the event's own reason; null for none
 * @param eventId the last event
 */
public record UserStatus(
    boolean active, boolean pending, long sinceMs, @Nullable String reason, String eventId) {

  /** Returns the status of a user whose access is withheld, wholly or in part. */
  public static UserStatus of(Withholding withholding) {
    return new UserStatus(
        withholding.active(),
        !withholding.isDone(),
        withholding.cause().occurredAtMs(),
        withholding.reason(),
        withholding.cause().eventId());
  }
}
