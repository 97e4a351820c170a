package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.contract.EventHeaders;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.contract.Topics;
import dev.sluice.event.Event;
import dev.sluice.event.codec.EventJsonWriter;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.event.codec.RecordReader;
import dev.sluice.text.Visible;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A rejected event for display: reason, remedy, time, partition, offset, sender, and the event in
 * the form for {@code publish}.
 *
 * @param key the record's key; null for none
 * @param bytes size of its value; null for none
 * @param at time of the rejection
 * @param event the event; null if unreadable
 * @param type the payload's name, even if the contract does not define it; null if unreadable
 */
public record RejectedEvent(
    @Nullable String key,
    @Nullable Integer bytes,
    Headers headers,
    Instant at,
    @Nullable Event event,
    @Nullable String type) {

  private static final String USER_EVENTS = new Topics("").userEvents();

  /**
   * Reads a record of rejected-events, with its value as the worker reads it: a value that is not
   * an event for the worker is none here.
   */
  static RejectedEvent read(
      RecordReader<?> events,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      long timestampMs) {
    Event event = null;
    String type = null;
    try {
      event = events.read(headers, value);
    } catch (UnreadableEventException e) {
      type = e.type();
    } catch (RuntimeException e) {
      // The registry does not answer: everything except the event can be shown.
    }
    return of(key, value, headers, timestampMs, event, type);
  }

  /**
   * Creates an event from a record of rejected-events.
   *
   * @param event its value; null if unreadable
   * @param type the payload's name if the value is not an event, but has one
   */
  static RejectedEvent of(
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      long timestampMs,
      @Nullable Event event,
      @Nullable String type) {
    return new RejectedEvent(
        key == null ? null : new String(key, UTF_8),
        value == null ? null : (Integer) value.length,
        headers,
        Instant.ofEpochMilli(timestampMs),
        event,
        event == null ? type : event.type());
  }

  /** Returns the reason's name. */
  public @Nullable String reason() {
    return header(RejectionHeaders.REASON);
  }

  /** Returns the problem as text. */
  public @Nullable String message() {
    return header(RejectionHeaders.MESSAGE);
  }

  /** Returns the remedy as text. */
  public @Nullable String remedy() {
    return header(RejectionHeaders.REMEDY);
  }

  /** Returns one JSON object, for programs. */
  public ObjectNode json() {
    var node =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "rejected")
            .put("eventId", header(RejectionHeaders.EVENT_ID))
            .put(ofUser() ? "userId" : "productId", key)
            .put("type", type())
            .put("reason", reason())
            .put("message", message())
            .put("remedy", remedy())
            .put("rejectedAt", at.toString())
            .put("topic", header(RejectionHeaders.TOPIC))
            .put("partition", header(RejectionHeaders.PARTITION))
            .put("offset", header(RejectionHeaders.OFFSET))
            .put("publisher", header(EventHeaders.PUBLISHER));
    if (event == null) {
      node.put("bytes", bytes);
    } else {
      node.set("event", EventJsonWriter.of(event));
    }
    return node;
  }

  /** Returns lines for people; the first is a summary. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add(
        "REJECTED %s %s %s of %s %s"
            .formatted(
                reason(),
                Objects.requireNonNullElse(type(), "an unreadable event"),
                Objects.requireNonNullElse(header(RejectionHeaders.EVENT_ID), "without an id"),
                ofUser() ? "user" : "product",
                key));
    lines.add("  why     " + message());
    lines.add("  remedy  " + remedy());
    lines.add("  read    " + where());
    lines.add("  event   " + (event == null ? size() : EventJsonWriter.of(event).toString()));
    return lines;
  }

  /**
   * Returns lines for {@code publish}: comments with the reason, then the event on one line; for an
   * unreadable event only comments.
   */
  List<String> forPublish() {
    var lines = new ArrayList<String>();
    lines.add("# %s: %s. %s".formatted(reason(), message(), remedy()));
    lines.add("# " + where());
    lines.add(
        event == null
            ? "# %s%s, which is not an event that can be shown"
                .formatted(type == null ? "" : type + " of ", size())
            : Visible.json(EventJsonWriter.of(event).toString()));
    return lines;
  }

  /** Returns whether the record is of user-events, as far as its topic's name tells. */
  private boolean ofUser() {
    var topic = header(RejectionHeaders.TOPIC);
    return topic != null && topic.endsWith(USER_EVENTS);
  }

  private String size() {
    var cut = header(RejectionHeaders.VALUE_BYTES);
    if (cut != null) {
      return cut + " bytes, left out of the record";
    }
    return bytes == null ? "no value" : bytes + " bytes";
  }

  private String where() {
    var publisher = header(EventHeaders.PUBLISHER);
    return "%s-%s offset %s, rejected at %s%s"
        .formatted(
            header(RejectionHeaders.TOPIC),
            header(RejectionHeaders.PARTITION),
            header(RejectionHeaders.OFFSET),
            at,
            publisher == null ? "" : ", published by " + publisher);
  }

  private @Nullable String header(String name) {
    var header = headers.lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }
}
