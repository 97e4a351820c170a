package dev.sluice.user;

import dev.sluice.event.Events;
import dev.sluice.event.UserEvent;
import dev.sluice.event.UserPayload;
import org.jspecify.annotations.Nullable;

/** Events about users for tests; ids are made as in {@link Events}. */
public final class UserEvents {

  private UserEvents() {}

  public static UserEvent deactivated(String userId) {
    return deactivated(userId, null);
  }

  public static UserEvent deactivated(String userId, @Nullable String reason) {
    return event(userId, new UserPayload.UserDeactivated(reason));
  }

  public static UserEvent reactivated(String userId) {
    return event(userId, new UserPayload.UserReactivated(null));
  }

  public static UserEvent sequenced(long sequence, UserEvent e) {
    return new UserEvent(e.eventId(), e.userId(), sequence, e.occurredAt(), e.actor(), e.payload());
  }

  public static UserEvent withId(String eventId, UserEvent e) {
    return new UserEvent(eventId, e.userId(), e.sequence(), e.occurredAt(), e.actor(), e.payload());
  }

  private static UserEvent event(String userId, UserPayload payload) {
    return new UserEvent(
        payload.getClass().getSimpleName() + "-" + userId,
        userId,
        null,
        Events.NOON,
        Events.ACTOR,
        payload);
  }
}
