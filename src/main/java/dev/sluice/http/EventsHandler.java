package dev.sluice.http;

import dev.sluice.auth.Role;
import dev.sluice.client.EventBatchWriter;
import dev.sluice.client.EventBatchWriter.NotKnownException;
import dev.sluice.client.EventBatchWriter.TooLargeException;
import dev.sluice.client.EventValidation;
import dev.sluice.event.Event;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.event.codec.EventJson;
import dev.sluice.event.codec.EventJson.InvalidJsonException;
import dev.sluice.http.ApiGuard.BadRequestException;
import dev.sluice.product.ProductDecider;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts events: one, or one per line. All lines are checked before the first is written, so an
 * invalid line prevents all writes. Kafka takes all events of a call, or none.
 */
final class EventsHandler {
  /** Audit log of published events. */
  private static final Logger AUDIT = LoggerFactory.getLogger("dev.sluice.audit");

  static final String JSON = "application/json";
  private static final int EVENTS_MAX = 10_000;
  private static final int ACCEPTED = 202;
  private static final int TOO_LARGE = 413;
  private static final int WRONG_TYPE = 415;

  private final EventBatchWriter intake;
  private final long bytesMax;
  private final RequestMemory requestMemory;

  /**
   * Creates the handler.
   *
   * @param bytesMax maximum size of a body
   * @param requestMemory memory of all bodies
   */
  EventsHandler(EventBatchWriter intake, long bytesMax, RequestMemory requestMemory) {
    this.intake = intake;
    this.bytesMax = bytesMax;
    this.requestMemory = requestMemory;
  }

  /**
   * Requires a content type that browser pages cannot send without a preflight request.
   *
   * @return the type without parameters
   */
  static String requireType(Context context, String... types) {
    var given = context.contentType();
    var plain = given == null ? "" : given.replaceFirst(";.*", "").strip();
    if (!List.of(types).contains(plain)) {
      throw new HttpResponseException(
          WRONG_TYPE, "Content-Type must be " + String.join(" or ", types), Map.of());
    }
    return plain;
  }

  void take(Context context) {
    var type = requireType(context, JSON, "application/x-ndjson", "application/jsonl");
    var lines = !type.equals(JSON);
    try (var requestBody =
        RequestBody.of(
            context, lines ? bytesMax : Math.min(bytesMax, RequestBody.EVENT_MAX), requestMemory)) {
      var events =
          lines
              ? lines(requestBody)
              : List.of(new Line(1, event(requestBody, requestBody.text(), 1)));
      if (events.isEmpty()) {
        throw new BadRequestException("the body contains no event");
      }
      take(context, events);
    }
  }

  private void take(Context context, List<Line> lines) {
    lines.forEach(line -> requireRole(context, line));
    var events = lines.stream().map(Line::event).toList();
    var publisher = ApiGuard.caller(context);
    var written = new ArrayList<Map<String, Object>>();
    for (var place : write(lines, events, publisher)) {
      var one = new LinkedHashMap<String, Object>();
      one.put("eventId", place.eventId());
      one.put("partition", place.partition());
      one.put("offset", place.offset());
      written.add(one);
    }
    JsonResponses.answer(context, ACCEPTED, Map.of("written", written), false);
  }

  private static void requireRole(Context context, Line line) {
    switch (line.event) {
      case ProductEvent event ->
          ApiGuard.require(
              context, Role.PUBLISH, "events about products need (line %d)".formatted(line.number));
      case UserEvent event ->
          ApiGuard.require(
              context,
              Role.PUBLISH_USERS,
              "events about users need (line %d)".formatted(line.number));
    }
  }

  /** An event and its line number. */
  private record Line(int number, Event event) {}

  private List<EventBatchWriter.Place> write(
      List<Line> lines, List<Event> events, String publisher) {
    try {
      var places = intake.write(events, publisher);
      AUDIT.info("{}", PublishAudit.text(publisher, "has published", events));
      return places;
    } catch (TooLargeException e) {
      throw tooLarge(lines.get(e.index()).number, String.valueOf(e.getMessage()));
    } catch (NotKnownException e) {
      AUDIT.warn(
          "{}",
          PublishAudit.text(publisher, "may have published (the outcome is unknown)", events));
      throw e;
    }
  }

  private static HttpResponseException tooLarge(int number, String problem) {
    return new HttpResponseException(TOO_LARGE, "line %d: %s".formatted(number, problem), Map.of());
  }

  private static List<Line> lines(RequestBody requestBody) {
    var events = new ArrayList<Line>();
    int number = 1;
    for (var line = requestBody.line(number); line != null; line = requestBody.line(++number)) {
      if (line.isBlank()) {
        continue;
      }
      if (events.size() == EVENTS_MAX) {
        throw new BadRequestException("more than " + EVENTS_MAX + " events at once");
      }
      events.add(new Line(number, event(requestBody, line, number)));
    }
    return events;
  }

  private static Event event(RequestBody requestBody, String text, int number) {
    try {
      var event = EventJson.read(text, requestBody::admit);
      var problem = ProductDecider.idProblem(event);
      if (problem != null) {
        throw new BadRequestException("line " + number + ": " + problem);
      }
      var size = EventValidation.sizeProblem(event);
      if (size != null) {
        throw tooLarge(number, size);
      }
      return event;
    } catch (InvalidJsonException e) {
      throw problem("line %d, ".formatted(number), e);
    }
  }

  /**
   * Returns the answer to a text that is not an event.
   *
   * @param where the place of the text in the body; may be empty
   */
  static RuntimeException problem(String where, InvalidJsonException e) {
    var message = "%scolumn %d: %s".formatted(where, e.column(), e.getMessage());
    return e.isTooLarge()
        ? new HttpResponseException(TOO_LARGE, message, Map.of())
        : new BadRequestException(message);
  }
}
