package dev.sluice.product;

import dev.sluice.event.DataSource;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the ids of an event: opaque, 1 to 256 characters, no '|', no control characters, and text
 * that was well formed.
 */
final class EventIds {

  /** Longest id, in characters. */
  static final int LENGTH_MAX = 256;

  private EventIds() {}

  /**
   * The first id that is not well formed, in words; null when all are.
   *
   * @param key the record's key, which must be the product's id
   */
  static @Nullable String problem(@Nullable String key, ProductEvent event) {
    var problem = firstOf(check("eventId", event.eventId()), check("productId", event.productId()));
    if (problem != null) {
      return problem;
    }
    if (!event.productId().equals(key)) {
      return "the record's key "
          + (key == null ? "is missing" : quoted(key))
          + ", it must be the productId "
          + quoted(event.productId());
    }
    return switch (event.payload()) {
      case Payload.ProductPublished p -> sources(p.dataSources());
      case Payload.DataSourcesReplaced p -> sources(p.dataSources());
      case Payload.AccessRequested p ->
          firstOf(check("requestId", p.requestId()), check("userId", p.userId()));
      case Payload.AccessApproved p ->
          firstOf(check("requestId", p.requestId()), check("userId", p.userId()));
      case Payload.AccessRevoked p ->
          firstOf(
              p.requestId() == null ? null : check("requestId", p.requestId()),
              check("userId", p.userId()));
      case Payload.DeterminationMade p ->
          firstOf(check("requestId", p.requestId()), malformed("approver", p.approver()));
      case Payload.AccessDenied p -> check("requestId", p.requestId());
      case Payload.AccessRequestCanceled p -> check("requestId", p.requestId());
      case Payload.ProductUpdated p -> null;
      case Payload.ProductSuspended p -> null;
      case Payload.ProductResumed p -> null;
      case Payload.ProductDeleted p -> null;
    };
  }

  private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
    return first == null ? second : first;
  }

  private static @Nullable String sources(List<DataSource> sources) {
    for (var source : sources) {
      var problem = check("sourceId", source.sourceId());
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
    if (id.length() > LENGTH_MAX) {
      return name + " has " + id.length() + " characters, at most " + LENGTH_MAX + " are allowed";
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == '|' || Character.isISOControl(c)) {
        return "%s %s holds the character U+%04X at position %d"
            .formatted(name, quoted(id), (int) c, i + 1);
      }
    }
    return malformed(name, id);
  }

  /**
   * Text that was not well formed: bytes that are not UTF-8 are read as U+FFFD, so that two ids
   * would be one.
   */
  private static @Nullable String malformed(String name, String id) {
    for (int i = 0; i < id.length(); ) {
      int c = id.codePointAt(i);
      if (c == 0xFFFD || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
        return "%s %s is not well-formed text: U+%04X at position %d"
            .formatted(name, quoted(id), c, i + 1);
      }
      i += Character.charCount(c);
    }
    return null;
  }

  /** For messages: in quotes, without control characters, cut to a readable length. */
  static String quoted(String id) {
    var visible = id.codePoints().limit(80).map(c -> Character.isISOControl(c) ? '�' : c);
    var text = new StringBuilder("\"");
    visible.forEach(text::appendCodePoint);
    return text.append(id.codePointCount(0, id.length()) > 80 ? "…\"" : "\"").toString();
  }
}
