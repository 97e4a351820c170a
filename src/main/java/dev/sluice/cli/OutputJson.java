package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Formats output records as JSON, one line each: {@code kind} first, then the fields of the schema.
 */
public final class OutputJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private OutputJson() {}

  /** Returns a record of the contract as JSON: times in ISO 8601, enums by name. */
  public static String of(String kind, SpecificRecord record) {
    var node = NODES.objectNode().put("kind", kind);
    fields(node, record);
    return node.toString();
  }

  /** Returns a kind and the key of a record without a value, as JSON. */
  static String ofKey(String kind, String key) {
    return NODES.objectNode().put("kind", kind).put("key", key).toString();
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
}
