package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.client.EventValidation;
import dev.sluice.event.Event;
import dev.sluice.event.codec.EventJsonWriter;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.event.codec.RecordReader;
import dev.sluice.text.Visible;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record of product-events or user-events, in the forms of {@code watch --events}.
 *
 * @param where topic, partition and offset
 * @param at the record's time
 * @param key the record's key; null for none
 * @param ofUsers whether the record is of user-events
 * @param event the record's value; null if it cannot be read as an event
 * @param problem why the value cannot be read as an event; null if it can
 */
public record InputEvent(
    String where,
    Instant at,
    @Nullable String key,
    boolean ofUsers,
    @Nullable Event event,
    @Nullable String problem) {

  /**
   * Reads one record as the worker does.
   *
   * @throws RuntimeException if the registry cannot be asked now
   */
  static InputEvent read(
      RecordReader<?> events, boolean ofUsers, ConsumerRecord<byte[], byte[]> record) {
    Event event = null;
    String problem = null;
    try {
      event = events.read(record.headers(), record.value());
    } catch (UnreadableEventException e) {
      problem = e.getMessage();
    }
    return new InputEvent(
        "%s-%d offset %d".formatted(record.topic(), record.partition(), record.offset()),
        Instant.ofEpochMilli(record.timestamp()),
        record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8),
        ofUsers,
        event,
        problem);
  }

  /** Returns the payload's name; null if the value is no event. */
  @Nullable String type() {
    return event == null ? null : event.type();
  }

  /** Returns one JSON object, for programs. */
  ObjectNode json() {
    var node =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "event")
            .put(ofUsers ? "userId" : "productId", key)
            .put("type", type())
            .put("where", where)
            .put("at", at.toString())
            .put("problem", problem);
    if (event != null) {
      node.set("event", EventJsonWriter.of(event));
    }
    return node;
  }

  /** Returns one line, for people. */
  String line() {
    return event == null
        ? "UNREADABLE key %s  %s  %s: %s".formatted(key, at, where, problem)
        : "%-22s %s  %s  %s  %s".formatted(event.type(), event.key(), event.eventId(), at, where);
  }

  /**
   * Returns a line that {@code publish} takes: the event, or a comment if {@code publish} would not
   * write it. The worker has rejected such an event too.
   */
  List<String> forPublish() {
    if (event == null) {
      return List.of("# %s (key %s) is not an event: %s".formatted(where, key, problem));
    }
    var problem = publishProblem(event);
    return List.of(
        problem == null
            ? Visible.json(EventJsonWriter.of(event).toString())
            : "# %s (key %s, event %s) is left out: %s"
                .formatted(where, key, event.eventId(), problem));
  }

  private @Nullable String publishProblem(Event one) {
    return one.key().equals(key)
        ? EventValidation.problem(one)
        : "its key is not its " + (ofUsers ? "userId" : "productId");
  }
}
