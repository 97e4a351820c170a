package dev.sluice.product;

import dev.sluice.event.DataSource;
import dev.sluice.event.Event;
import dev.sluice.event.IdRules;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.text.Visible;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the ids of an event: opaque, 1 to 256 characters, no '|', no control characters, and
 * well-formed text. An id that an event introduces must also have no blanks around it and no
 * invisible characters, because two ids that look alike would be two users. Events that take access
 * away are held to the first rules only, so that ids accepted by an older version can be removed.
 */
public final class EventIds {

  private EventIds() {}

  /** Returns a description of the first invalid id; null if all are valid. */
  public static @Nullable String problem(Event event) {
    return switch (event) {
      case ProductEvent e -> problem(e);
      case UserEvent e -> firstOf(eventIdProblem(e), IdRules.problem("userId", e.userId()));
    };
  }

  private static @Nullable String eventIdProblem(Event event) {
    return event.eventId().isBlank() && !event.eventId().isEmpty()
        ? "eventId " + quoted(event.eventId()) + " is blank"
        : IdRules.problem("eventId", event.eventId());
  }

  /** Returns a description of the first invalid id; null if all are valid. */
  static @Nullable String problem(ProductEvent event) {
    var payload = event.payload();
    var problem =
        firstOf(
            eventIdProblem(event),
            payload instanceof Payload.ProductPublished
                ? checkNew("productId", event.productId())
                : IdRules.problem("productId", event.productId()));
    if (problem != null) {
      return problem;
    }
    return switch (payload) {
      case Payload.ProductPublished p -> sources(p.dataSources());
      case Payload.DataSourcesReplaced p -> sources(p.dataSources());
      case Payload.AccessRequested p ->
          firstOf(checkNew("requestId", p.requestId()), checkNew("userId", p.userId()));
      case Payload.AccessApproved p ->
          firstOf(checkNew("requestId", p.requestId()), checkNew("userId", p.userId()));
      case Payload.AccessRevoked p ->
          firstOf(
              p.requestId() == null ? null : IdRules.problem("requestId", p.requestId()),
              IdRules.problem("userId", p.userId()));
      case Payload.DeterminationMade p ->
          firstOf(
              IdRules.problem("requestId", p.requestId()),
              IdRules.malformed("approver", p.approver()));
      case Payload.ApproversReplaced p -> IdRules.problem("requestId", p.requestId());
      case Payload.AccessDenied p -> IdRules.problem("requestId", p.requestId());
      case Payload.AccessRequestCanceled p -> IdRules.problem("requestId", p.requestId());
      case Payload.ProductUpdated p -> null;
      case Payload.ProductSuspended p -> null;
      case Payload.ProductResumed p -> null;
      case Payload.ProductDeleted p -> null;
    };
  }

  /**
   * Returns a description of a fault in a record's key; null if the key is the id that the event is
   * about.
   *
   * @param key null if there is none, or if the key is not text
   */
  public static @Nullable String keyProblem(@Nullable String key, Event event) {
    return event.key().equals(key)
        ? null
        : "the record's key "
            + (key == null ? "is missing, or is not UTF-8" : quoted(key))
            + ", it must be the "
            + (event instanceof UserEvent ? "userId " : "productId ")
            + quoted(event.key());
  }

  private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
    return first == null ? second : first;
  }

  private static @Nullable String sources(List<DataSource> sources) {
    for (var source : sources) {
      var problem =
          firstOf(
              checkNew("sourceId", source.sourceId()), checkNew("sourceType", source.sourceType()));
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @Nullable String checkNew(String name, String id) {
    var problem = IdRules.problem(name, id);
    if (problem != null) {
      return problem;
    }
    if (Visible.isBlank(id.codePointAt(0)) || Visible.isBlank(id.codePointBefore(id.length()))) {
      return id.codePoints().allMatch(Visible::isBlank)
          ? "%s %s is blank".formatted(name, quoted(id))
          : "%s %s begins or ends with a blank".formatted(name, quoted(id));
    }
    for (int i = 0; i < id.length(); ) {
      int c = id.codePointAt(i);
      if (Visible.isHidden(c)) {
        return IdRules.holds(name, id, c, i) + ", which is invisible";
      }
      i += Character.charCount(c);
    }
    return null;
  }

  /**
   * Returns an id for messages: in quotes, cut to a readable length, with invisible characters
   * escaped.
   */
  public static String quoted(String id) {
    return IdRules.quoted(id);
  }
}
