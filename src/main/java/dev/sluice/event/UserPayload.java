package dev.sluice.event;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The content of an event about a user, with one record for each type of event. */
public sealed interface UserPayload {

  /** Returns all types of events about users, in the order of their declaration. */
  static List<Class<?>> types() {
    return Arrays.asList(UserPayload.class.getPermittedSubclasses());
  }

  /** Returns the event's own reason, for people; null for none. */
  @Nullable String reason();

  /** All access of the user is withheld until the user is active again. */
  record UserDeactivated(@Nullable String reason) implements UserPayload {}

  /** The user is active again. */
  record UserReactivated(@Nullable String reason) implements UserPayload {}
}
