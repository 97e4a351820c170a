package dev.sluice.product;

import dev.sluice.event.DataSource;
import dev.sluice.event.Event;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.limits.SizeLimits;
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

  /** Maximum number of an id's characters in a message. */
  private static final int SHOWN_MAX = 80;

  private EventIds() {}

  /** Returns a description of the first invalid id; null if all are valid. */
  public static @Nullable String problem(Event event) {
    return switch (event) {
      case ProductEvent e -> problem(e);
      case UserEvent e -> firstOf(eventIdProblem(e), check("userId", e.userId()));
    };
  }

  private static @Nullable String eventIdProblem(Event event) {
    return event.eventId().isBlank() && !event.eventId().isEmpty()
        ? "eventId " + quoted(event.eventId()) + " is blank"
        : check("eventId", event.eventId());
  }

  /** Returns a description of the first invalid id; null if all are valid. */
  static @Nullable String problem(ProductEvent event) {
    var payload = event.payload();
    var problem =
        firstOf(
            eventIdProblem(event),
            payload instanceof Payload.ProductPublished
                ? checkNew("productId", event.productId())
                : check("productId", event.productId()));
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
              p.requestId() == null ? null : check("requestId", p.requestId()),
              check("userId", p.userId()));
      case Payload.DeterminationMade p ->
          firstOf(check("requestId", p.requestId()), malformed("approver", p.approver()));
      case Payload.ApproversReplaced p -> check("requestId", p.requestId());
      case Payload.AccessDenied p -> check("requestId", p.requestId());
      case Payload.AccessRequestCanceled p -> check("requestId", p.requestId());
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

  private static @Nullable String check(String name, String id) {
    if (id.isEmpty()) {
      return name + " is empty";
    }
    if (id.length() > SizeLimits.ID_CHARS) {
      return name
          + " has "
          + id.length()
          + " characters, at most "
          + SizeLimits.ID_CHARS
          + " are allowed";
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == '|' || Character.isISOControl(c)) {
        return holds(name, id, c, i);
      }
    }
    return malformed(name, id);
  }

  private static @Nullable String checkNew(String name, String id) {
    var problem = check(name, id);
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
        return holds(name, id, c, i) + ", which is invisible";
      }
      i += Character.charCount(c);
    }
    return null;
  }

  private static String holds(String name, String id, int c, int index) {
    return "%s %s holds U+%04X as character %d".formatted(name, quoted(id), c, index + 1);
  }

  /**
   * Returns a description of malformed text. Bytes that are not UTF-8 are read as U+FFFD, so two
   * ids would become one.
   */
  private static @Nullable String malformed(String name, String id) {
    for (int i = 0; i < id.length(); ) {
      int c = id.codePointAt(i);
      if (c == 0xFFFD || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
        return "%s %s is not well-formed text: U+%04X as character %d"
            .formatted(name, quoted(id), c, i + 1);
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
    return Visible.quoted(id, SHOWN_MAX);
  }
}
