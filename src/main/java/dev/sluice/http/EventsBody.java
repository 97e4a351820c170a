package dev.sluice.http;

import dev.sluice.event.EventJson;
import dev.sluice.event.EventJson.InvalidJsonException;
import dev.sluice.event.ProductEvent;
import dev.sluice.http.ApiGuard.BadRequestException;
import dev.sluice.product.ProductDecider;
import dev.sluice.runtime.EventIntake;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes events: one, or one on each line. All lines are read before the first is written, so that a
 * wrong line writes none. What Kafka then takes it may take in part, which the answer says.
 */
final class EventsBody {
  static final String JSON = "application/json";
  private static final Set<String> LINES = Set.of("application/x-ndjson", "application/jsonl");
  private static final int EVENTS_MAX = 10_000;
  private static final int ACCEPTED = 202;
  private static final int WRONG_TYPE = 415;

  private final EventIntake intake;
  private final long bytesMax;
  private final Memory memory;

  /**
   * Takes events.
   *
   * @param bytesMax of a body
   * @param memory of all bodies
   */
  EventsBody(EventIntake intake, long bytesMax, Memory memory) {
    this.intake = intake;
    this.bytesMax = bytesMax;
    this.memory = memory;
  }

  /** A type that a page in a browser cannot send without asking first. */
  static void requireType(Context context, String... types) {
    var given = context.contentType();
    var plain = given == null ? "" : given.replaceFirst(";.*", "").strip();
    if (!List.of(types).contains(plain)) {
      throw new io.javalin.http.HttpResponseException(
          WRONG_TYPE, "Content-Type must be " + String.join(" or ", types), Map.of());
    }
  }

  void take(Context context) {
    requireType(context, JSON, "application/x-ndjson", "application/jsonl");
    var plain = String.valueOf(context.contentType()).replaceFirst(";.*", "").strip();
    var lines = LINES.contains(plain);
    try (var body =
        Body.of(context, lines ? bytesMax : Math.min(bytesMax, Body.EVENT_MAX), memory)) {
      var events = lines ? lines(body) : List.of(event(body.text(), 1));
      if (events.isEmpty()) {
        throw new BadRequestException("there is no event in it");
      }
      write(context, events);
    }
  }

  private void write(Context context, List<ProductEvent> events) {
    var written = new ArrayList<Map<String, Object>>();
    for (var place : intake.write(events)) {
      var one = new LinkedHashMap<String, Object>();
      one.put("eventId", place.eventId());
      one.put("partition", place.partition());
      one.put("offset", place.offset());
      written.add(one);
    }
    Json.answer(context, ACCEPTED, Map.of("written", written), false);
  }

  private static List<ProductEvent> lines(Body body) {
    var events = new ArrayList<ProductEvent>();
    int number = 1;
    for (var line = body.line(number); line != null; line = body.line(++number)) {
      if (line.isBlank()) {
        continue;
      }
      if (events.size() == EVENTS_MAX) {
        throw new BadRequestException("more than " + EVENTS_MAX + " events at once");
      }
      events.add(event(line, number));
    }
    return events;
  }

  private static ProductEvent event(String text, int number) {
    try {
      var event = EventJson.parse(text);
      var problem = ProductDecider.idProblem(event);
      if (problem != null) {
        throw new BadRequestException("line " + number + ": " + problem);
      }
      return event;
    } catch (InvalidJsonException e) {
      throw new BadRequestException(
          "line %d, column %d: %s".formatted(number, e.column(), e.getMessage()));
    }
  }
}
