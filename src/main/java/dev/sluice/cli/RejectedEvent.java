package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.contract.EventHeaders;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventJsonWriter;
import dev.sluice.event.codec.EventReader;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.text.Visible;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * An event that was rejected, as it is shown: why, what to do, when, where it was read, who sent
 * it, and itself in the form that {@code publish} takes.
 *
 * @param key the record's key; null for none
 * @param bytes how large its value was; null for none
 * @param at when it was rejected
 * @param event what it is; null where it cannot be told
 * @param type the payload's name, be it one of the contract's or not; null where it cannot be told
 */
public record RejectedEvent(
    @Nullable String key,
    @Nullable Integer bytes,
    Headers headers,
    Instant at,
    @Nullable ProductEvent event,
    @Nullable String type) {

  /**
   * A record of rejected-events, its value read as the worker reads it: what the worker takes for
   * no event is none here either, whatever its shape.
   */
  static RejectedEvent read(
      EventReader events,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      long timestampMs) {
    ProductEvent event = null;
    String type = null;
    try {
      event = events.read(headers, value);
    } catch (UnreadableEventException e) {
      type = e.type();
    } catch (RuntimeException e) {
      // The registry does not answer: all but the event can be shown.
    }
    return of(key, value, headers, timestampMs, event, type);
  }

  /**
   * A record of rejected-events.
   *
   * @param event what its value is; null where that cannot be told
   * @param type the payload's name where it is no event, but has one
   */
  static RejectedEvent of(
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      long timestampMs,
      @Nullable ProductEvent event,
      @Nullable String type) {
    return new RejectedEvent(
        key == null ? null : new String(key, UTF_8),
        value == null ? null : (Integer) value.length,
        headers,
        Instant.ofEpochMilli(timestampMs),
        event,
        event == null ? type : event.type());
  }

  /** The reason's name. */
  public @Nullable String reason() {
    return header(RejectionHeaders.REASON);
  }

  /** What is wrong, in words. */
  public @Nullable String message() {
    return header(RejectionHeaders.MESSAGE);
  }

  /** What to do about it, in words. */
  public @Nullable String remedy() {
    return header(RejectionHeaders.REMEDY);
  }

  /** For programs: one JSON object. */
  public ObjectNode json() {
    var node =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "rejected")
            .put("eventId", header(RejectionHeaders.EVENT_ID))
            .put("productId", key)
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

  /** For people: lines of which the first says it all. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add(
        "REJECTED %s %s %s of product %s"
            .formatted(
                reason(),
                Objects.requireNonNullElse(type(), "an unreadable event"),
                Objects.requireNonNullElse(header(RejectionHeaders.EVENT_ID), "without an id"),
                key));
    lines.add("  why     " + message());
    lines.add("  remedy  " + remedy());
    lines.add("  read    " + where());
    lines.add("  event   " + (event == null ? size() : EventJsonWriter.of(event).toString()));
    return lines;
  }

  /**
   * For {@code publish}: the event on a line of its own, after comments that say why it was
   * rejected; of an event that cannot be read the comments alone.
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
