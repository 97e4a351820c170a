package dev.sluice.access;

import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.AccessUpdate.UserChanged;
import dev.sluice.update.SourceRef;
import org.jspecify.annotations.Nullable;

/**
 * The part of a user's sources that is withheld since the user was deactivated. Sources up to a
 * boundary are withheld, in the order of {@link SourceRef}. A deactivation moves the boundary up,
 * source by source; a reactivation moves it down. Either may begin while the other is under way.
 *
 * @param active whether the user is active again, so that the boundary moves down
 * @param all whether every source is withheld
 * @param boundary the boundary; null if all sources are withheld, or none
 * @param inclusive whether the source at the boundary is withheld itself
 * @param reason the last event's own reason, for people; null for none
 * @param cause the last event
 * @param position the last event's position in the order of all updates
 */
public record Withholding(
    boolean active,
    boolean all,
    @Nullable SourceRef boundary,
    boolean inclusive,
    @Nullable String reason,
    Trigger cause,
    long position) {

  /** Returns the state of a user who is being deactivated, and has all sources still. */
  public static Withholding begin(UserChanged changed, long position) {
    return new Withholding(false, false, null, false, changed.reason(), changed.cause(), position);
  }

  /** Returns the state after another event, at the same boundary. */
  public Withholding turned(UserChanged changed, long position) {
    return new Withholding(
        changed.active(), all, boundary, inclusive, changed.reason(), changed.cause(), position);
  }

  /** Returns whether the user does not get a source, whatever products give. */
  public boolean withholds(SourceRef source) {
    if (all || boundary == null) {
      return all;
    }
    var order = source.compareTo(boundary);
    return order < 0 || (order == 0 && inclusive);
  }

  /**
   * Returns whether the boundary has come to rest; that of an active user goes on until its end.
   */
  public boolean isDone() {
    return !active && all;
  }

  /** Returns the state after the next source was taken, or given back. */
  public Withholding past(SourceRef source) {
    return new Withholding(active, false, source, !active, reason, cause, position);
  }

  /** Returns the state after the last source was taken, or given back. */
  public Withholding pastAll() {
    return new Withholding(active, !active, null, false, reason, cause, position);
  }
}
