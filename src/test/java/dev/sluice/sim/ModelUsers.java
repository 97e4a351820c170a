package dev.sluice.sim;

import dev.sluice.event.UserEvent;
import dev.sluice.event.UserPayload;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The naive model of users: the table of what each event about a user does, word for word. It
 * shares no code with the stages.
 */
public final class ModelUsers {

  static final class ModelUser {
    boolean active = true;
    Long sequence;
    Map<Long, String> accepted = new HashMap<>(); // to the eventId

    boolean accepted(Long number) {
      return number != null && accepted.containsKey(number) && number > sequence - 64;
    }

    ModelUser copy() {
      var copy = new ModelUser();
      copy.active = active;
      copy.sequence = sequence;
      copy.accepted = new HashMap<>(accepted);
      return copy;
    }
  }

  private final Map<String, ModelUser> users = new TreeMap<>();

  /**
   * Applies an event; the answer is what the worker should say of it.
   *
   * @param isHere whether a user's events belong where this one stands
   */
  public String apply(String key, UserEvent e, Predicate<String> isHere) {
    if (Model.bad(e.eventId())
        || e.eventId().isBlank()
        || Model.bad(e.userId())
        || !e.userId().equals(key)) {
      return "invalid_id";
    }
    if (!isHere.test(e.userId())) {
      return "wrong_partition";
    }
    var known = users.get(e.userId());
    var user = known == null ? new ModelUser() : known;
    if (user.accepted(e.sequence())) {
      return user.accepted.get(e.sequence()).equals(e.eventId()) ? "duplicate" : "sequence_reused";
    }
    if (Model.implausible(e.sequence(), user.sequence)) {
      return "implausible_sequence";
    }
    if (e.sequence() != null && user.sequence != null && e.sequence() < user.sequence) {
      return "out_of_order";
    }
    if (e.sequence() != null) {
      user.sequence = e.sequence();
      user.accepted.put(user.sequence, e.eventId());
    }
    var active = e.payload() instanceof UserPayload.UserReactivated;
    var same = user.active == active;
    user.active = active;
    users.put(e.userId(), user);
    return same ? "no_op" : "applied";
  }

  /** Whether the user may have access. */
  public boolean isActive(String userId) {
    var user = users.get(userId);
    return user == null || user.active;
  }

  /** How many users must be remembered. */
  long remembered() {
    return users.values().stream().filter(user -> !user.active || user.sequence != null).count();
  }

  /** The same again, to go back to. */
  ModelUsers copy() {
    var copy = new ModelUsers();
    users.forEach((id, user) -> copy.users.put(id, user.copy()));
    return copy;
  }
}
