package dev.sluice.cli;

import dev.sluice.event.EventJson;
import dev.sluice.event.EventJson.InvalidJsonException;
import dev.sluice.event.ProductEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Events as JSON lines. Empty lines are passed over. */
final class EventLines {

  private EventLines() {}

  /**
   * All events, read to the end before any is given.
   *
   * @param name what the lines come from, for messages
   * @throws UsageException at the first line that is no event, with name, line and column
   */
  static List<ProductEvent> readAll(String name, BufferedReader lines) throws IOException {
    var events = new ArrayList<ProductEvent>();
    forEach(name, lines, events::add);
    return events;
  }

  /**
   * Event by event.
   *
   * @throws UsageException at the first line that is no event, with name, line and column
   */
  static void forEach(String name, BufferedReader lines, Consumer<ProductEvent> consumer)
      throws IOException {
    int number = 0;
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (number == 1 && line.startsWith("\uFEFF")) {
        line = line.substring(1);
      }
      if (line.isBlank()) {
        continue;
      }
      ProductEvent event;
      try {
        event = EventJson.parse(line);
      } catch (InvalidJsonException e) {
        throw new UsageException(
            "%s:%d:%d: %s".formatted(name, number, e.column(), e.getMessage()));
      }
      consumer.accept(event);
    }
  }
}
