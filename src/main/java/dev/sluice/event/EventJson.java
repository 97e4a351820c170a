package dev.sluice.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The JSON form of events: one object with {@code type} and {@code data}. */
public final class EventJson {

  /** Every payload by its type's name. */
  public static final Map<String, Class<? extends Payload>> TYPES = types();

  private static final Set<String> ENVELOPE =
      Set.of("eventId", "productId", "sequence", "occurredAt", "actor", "type", "data");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          // A misspelt expiresAt that is passed over would give access for ever.
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private EventJson() {}

  @SuppressWarnings("unchecked")
  private static Map<String, Class<? extends Payload>> types() {
    var types = new TreeMap<String, Class<? extends Payload>>();
    for (var type : Payload.class.getPermittedSubclasses()) {
      types.put(type.getSimpleName(), (Class<? extends Payload>) type);
    }
    return types;
  }

  /**
   * Reads one event.
   *
   * @throws InvalidJsonException when the text is not JSON or not an event; it says where and why
   */
  public static ProductEvent parse(String text) throws InvalidJsonException {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw new InvalidJsonException(
          at == null ? 1 : at.getColumnNr(), "not JSON: " + e.getOriginalMessage());
    }
    if (!(node instanceof ObjectNode object)) {
      throw new InvalidJsonException(1, "not a JSON object");
    }
    for (var name : (Iterable<String>) object::fieldNames) {
      if (!ENVELOPE.contains(name)) {
        throw invalid(text, name, "unknown field " + name + "; known are " + sorted(ENVELOPE));
      }
    }
    var type = string(text, object, "type");
    var payloadType = TYPES.get(type);
    if (payloadType == null) {
      throw invalid(text, "type", "unknown type " + type + "; known are " + TYPES.keySet());
    }
    var sequence = object.get("sequence");
    if (sequence != null && !sequence.isNull() && !sequence.canConvertToLong()) {
      throw invalid(text, "sequence", "sequence is not a whole number: " + sequence);
    }
    var data = object.get("data");
    try {
      return new ProductEvent(
          string(text, object, "eventId"),
          string(text, object, "productId"),
          sequence == null || sequence.isNull() ? null : sequence.longValue(),
          MAPPER.convertValue(string(text, object, "occurredAt"), java.time.Instant.class),
          string(text, object, "actor"),
          MAPPER.treeToValue(
              data == null || data.isNull() ? MAPPER.createObjectNode() : data, payloadType));
    } catch (JsonProcessingException e) {
      throw invalid(text, lastField(e), type + ": " + path(e) + firstLine(e.getOriginalMessage()));
    } catch (IllegalArgumentException e) {
      throw invalid(
          text,
          "occurredAt",
          "occurredAt is no time like 2026-01-05T09:00:00Z: " + object.get("occurredAt"));
    }
  }

  private static String string(String text, ObjectNode object, String field)
      throws InvalidJsonException {
    var value = object.get(field);
    if (value == null || !value.isTextual()) {
      throw invalid(
          text, field, field + (value == null ? " is missing" : " is not a string: " + value));
    }
    return value.textValue();
  }

  private static @Nullable String lastField(JsonProcessingException e) {
    return e instanceof JsonMappingException m && !m.getPath().isEmpty()
        ? m.getPath().getLast().getFieldName()
        : null;
  }

  private static String path(JsonProcessingException e) {
    if (!(e instanceof JsonMappingException m) || m.getPath().isEmpty()) {
      return "";
    }
    return m.getPath().stream()
            .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
            .collect(Collectors.joining("."))
        + ": ";
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").replaceAll(" \\(class [^)]*\\)", "");
  }

  private static InvalidJsonException invalid(String text, @Nullable String field, String message) {
    var at = field == null ? -1 : text.indexOf('"' + field + '"');
    return new InvalidJsonException(at < 0 ? 1 : at + 1, message);
  }

  private static String sorted(Set<String> names) {
    return Arrays.toString(names.stream().sorted().toArray());
  }

  /** A text that is not an event. */
  public static final class InvalidJsonException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int column;

    InvalidJsonException(int column, String message) {
      super(message);
      this.column = column;
    }

    /** Where in the line it is wrong, from 1. */
    public int column() {
      return column;
    }
  }
}
