package dev.sluice.http;

import dev.sluice.event.Event;
import dev.sluice.text.Cut;
import dev.sluice.text.Visible;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Audit line about published events. */
final class PublishAudit {

  /** Maximum number of products named. */
  private static final int PRODUCTS_MAX = 5;

  private static final int NAME_MAX = 256;

  private PublishAudit() {}

  /**
   * Returns a text such as {@code ana has published 2 events (AccessRevoked 1, ProductUpdated 1) of
   * p1}.
   */
  static String text(String publisher, String did, List<? extends Event> events) {
    var types =
        events.stream()
            .collect(Collectors.groupingBy(Event::type, TreeMap::new, Collectors.counting()));
    var keys = events.stream().map(Event::key).distinct().toList();
    return "%s %s %d %s (%s) of %s%s"
        .formatted(
            text(publisher),
            did,
            events.size(),
            events.size() == 1 ? "event" : "events",
            types.entrySet().stream()
                .map(type -> type.getKey() + " " + type.getValue())
                .collect(Collectors.joining(", ")),
            keys.stream()
                .limit(PRODUCTS_MAX)
                .map(PublishAudit::text)
                .collect(Collectors.joining(", ")),
            keys.size() > PRODUCTS_MAX ? " and %d more".formatted(keys.size() - PRODUCTS_MAX) : "");
  }

  private static String text(String id) {
    return Visible.line(Cut.to(id, NAME_MAX));
  }
}
