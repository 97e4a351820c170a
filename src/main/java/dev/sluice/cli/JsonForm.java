package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.product.Rejection;
import java.time.Instant;
import java.util.Collection;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Outputs as JSON, one line each, with {@code kind} first and then the fields as the schema has
 * them.
 */
final class JsonForm {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonForm() {}

  /** A contract's record: times in ISO 8601, enums by name. */
  static String of(String kind, SpecificRecord record) {
    var node = NODES.objectNode().put("kind", kind);
    fields(node, record);
    return node.toString();
  }

  private static void fields(ObjectNode into, SpecificRecord record) {
    for (var field : record.getSchema().getFields()) {
      put(into, field.name(), record.get(field.pos()));
    }
  }

  private static void put(ObjectNode into, String name, @Nullable Object value) {
    switch (value) {
      case null -> into.putNull(name);
      case SpecificRecord nested -> fields(into.putObject(name), nested);
      case Collection<?> list -> elements(into.putArray(name), list);
      case Long number -> into.put(name, number);
      case Integer number -> into.put(name, number);
      case Boolean bool -> into.put(name, bool);
      case Instant time -> into.put(name, time.toString());
      default -> into.put(name, value.toString());
    }
  }

  private static void elements(ArrayNode into, Collection<?> list) {
    for (var element : list) {
      if (element instanceof SpecificRecord nested) {
        fields(into.addObject(), nested);
      } else {
        into.add(String.valueOf(element));
      }
    }
  }

  /** A rejected event with where it was read and what it was; without an event, its size. */
  static String rejected(
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      @Nullable SpecificRecord event) {
    var node =
        rejection(key, headers)
            .put("remedy", header(headers, Rejection.REMEDY))
            .put("topic", header(headers, Rejection.TOPIC))
            .put("partition", header(headers, Rejection.PARTITION))
            .put("offset", header(headers, Rejection.OFFSET));
    if (event == null) {
      node.put("bytes", value == null ? null : (Integer) value.length);
    } else {
      fields(node.putObject("event"), event);
    }
    return node.toString();
  }

  /** A rejected event. */
  static String rejected(byte @Nullable [] key, Headers headers) {
    return rejection(key, headers).toString();
  }

  private static ObjectNode rejection(byte @Nullable [] key, Headers headers) {
    return NODES
        .objectNode()
        .put("kind", "rejected")
        .put("eventId", header(headers, Rejection.EVENT_ID))
        .put("productId", key == null ? null : new String(key, UTF_8))
        .put("reason", header(headers, Rejection.REASON))
        .put("message", header(headers, Rejection.MESSAGE));
  }

  /** A header as text; null when it is missing. */
  static @Nullable String header(Headers headers, String name) {
    var header = headers.lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }
}
