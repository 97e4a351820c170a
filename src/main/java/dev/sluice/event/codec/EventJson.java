package dev.sluice.event.codec;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.sluice.event.Event;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.event.UserPayload;
import dev.sluice.text.Cut;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the JSON form of events: one object with {@code type} and {@code data}. */
public final class EventJson {

  /** Payload classes by their type's name. */
  public static final Map<String, Class<? extends Payload>> TYPES = types();

  /** Payload classes of events about users by their type's name. */
  public static final Map<String, Class<? extends UserPayload>> USER_TYPES = userTypes();

  private static final String PRODUCT = "productId";
  private static final String USER = "userId";

  /** The fields of every event besides the id that it is about. */
  private static final Set<String> ENVELOPE =
      Set.of("eventId", "sequence", "occurredAt", "actor", "type", "data");

  private static final int SHOWN_MAX = 200;

  /**
   * Maximum length of a text that is read as a tree, in characters: a tree takes fifty times as
   * much memory.
   */
  private static final int SHAPE_MAX = 64 << 10;

  /** Internal words of the parser in its messages. */
  private static final Pattern INTERNAL = Pattern.compile("`|java\\.|fasterxml|JsonToken|Feature");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(EventScanner.FACTORY)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .addModule(new SimpleModule().addDeserializer(Instant.class, new Time()))
          .annotationIntrospector(new RequiredIsNotNull())
          .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          // Ignoring a misspelt expiresAt would give access without end.
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private EventJson() {}

  @SuppressWarnings("unchecked")
  private static Map<String, Class<? extends Payload>> types() {
    var types = new TreeMap<String, Class<? extends Payload>>();
    for (var type : Payload.types()) {
      types.put(type.getSimpleName(), (Class<? extends Payload>) type);
    }
    return types;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Class<? extends UserPayload>> userTypes() {
    var types = new TreeMap<String, Class<? extends UserPayload>>();
    for (var type : UserPayload.types()) {
      types.put(type.getSimpleName(), (Class<? extends UserPayload>) type);
    }
    return types;
  }

  /**
   * Reads one event, whatever it is about.
   *
   * @throws InvalidJsonException if the text is not JSON or not an event; the message names place
   *     and reason
   */
  public static Event read(String text) throws InvalidJsonException {
    return read(text, elements -> {});
  }

  /**
   * Reads one event about a product.
   *
   * @throws InvalidJsonException if the text is not JSON or not such an event; the message names
   *     place and reason
   */
  public static ProductEvent parse(String text) throws InvalidJsonException {
    return parse(text, elements -> {});
  }

  /**
   * Reads one event about a product.
   *
   * @param admission gets the number of the event's list elements before they are created, and may
   *     throw an exception of its own
   * @throws InvalidJsonException if the text is not JSON or not such an event; the message names
   *     place and reason
   */
  public static ProductEvent parse(String text, IntConsumer admission) throws InvalidJsonException {
    if (read(text, admission) instanceof ProductEvent event) {
      return event;
    }
    throw invalid(text, "type", "the event is about a user, not about a product");
  }

  /**
   * Reads one event, whatever it is about.
   *
   * @param admission gets the number of the event's list elements before they are created, and may
   *     throw an exception of its own
   * @throws InvalidJsonException if the text is not JSON or not an event; the message names place
   *     and reason
   */
  public static Event read(String text, IntConsumer admission) throws InvalidJsonException {
    var read = EventScanner.of(MAPPER, text);
    admission.accept(read.elements());
    var object = read.envelope();
    var ofUser =
        object.path("type").isTextual() && USER_TYPES.containsKey(object.get("type").textValue());
    var known = new TreeSet<>(ENVELOPE);
    known.add(ofUser ? USER : PRODUCT);
    if (!ofUser && !TYPES.containsKey(object.path("type").asText())) {
      known.add(USER); // the type is the fault to report
    }
    for (var name : (Iterable<String>) object::fieldNames) {
      if (!known.contains(name)) {
        throw invalid(text, name, "unknown field " + shown(name) + "; known are " + sorted(known));
      }
    }
    // An escaped lone surrogate is not a character: two such ids would become one in UTF-8.
    if (read.half() != null) {
      throw invalid(
          text, read.half(), read.half() + " holds half of a character: " + read.halfText());
    }
    var type = string(text, object, "type");
    if (!ofUser && !TYPES.containsKey(type)) {
      var types = new TreeSet<>(TYPES.keySet());
      types.addAll(USER_TYPES.keySet());
      throw invalid(text, "type", "unknown type " + shown(type) + "; known are " + types);
    }
    var sequence = object.get("sequence");
    if (sequence != null
        && !sequence.isNull()
        && !(sequence.isIntegralNumber() && sequence.canConvertToLong())) {
      throw invalid(
          text, "sequence", "sequence is not a whole number: " + JsonValidator.shown(sequence));
    }
    var number = sequence == null || sequence.isNull() ? null : Long.valueOf(sequence.longValue());
    try {
      var eventId = string(text, object, "eventId");
      var key = string(text, object, ofUser ? USER : PRODUCT);
      var occurredAt = occurredAt(text, object);
      var actor = string(text, object, "actor");
      var fields = object.get("data");
      return ofUser
          ? new UserEvent(
              eventId, key, number, occurredAt, actor, data(text, type, fields, USER_TYPES))
          : new ProductEvent(
              eventId, key, number, occurredAt, actor, data(text, type, fields, TYPES));
    } catch (JsonProcessingException e) {
      throw invalid(text, "data", type + ": data cannot be read");
    }
  }

  /** Returns the message with the type in front, unless it begins with the type. */
  private static String withType(String type, String message) {
    return message.startsWith(type + " ") ? message : type + ": " + message;
  }

  /** Returns the parser's message without its internal words. */
  static String message(@Nullable String message) {
    var text = message == null ? "" : message.lines().findFirst().orElse("");
    if (text.contains("Trailing token")) {
      return "there is text behind the object";
    }
    if (text.startsWith("Unexpected end-of-input")) {
      return "the text ends before the object does";
    }
    if (text.contains("nesting depth")) {
      return "it is nested too deeply";
    }
    if (text.startsWith("Token count")) {
      return String.format(
          Locale.ROOT, "it has more than %,d names and values", EventScanner.TOKENS_MAX);
    }
    if (text.contains("exceeds the maximum")) {
      return "a text, a name or a number in it is too long";
    }
    var plain = text.replaceAll(" ?\\(code \\d+[^)]*\\)", "").replace("JSON String", "a text");
    return INTERNAL.matcher(plain).find() ? "it cannot be read" : shown(plain);
  }

  private static String shown(String text) {
    return Cut.to(text, SHOWN_MAX);
  }

  /** Returns the payload. A short text is validated first, for a better message. */
  private static <P> P data(
      String text,
      String type,
      @Nullable JsonNode fields,
      Map<String, Class<? extends P>> payloadTypes)
      throws InvalidJsonException, JsonProcessingException {
    var payloadType = Objects.requireNonNull(payloadTypes.get(type));
    if (fields == null || fields.isNull() || text.length() <= SHAPE_MAX) {
      var data =
          fields == null || fields.isNull()
              ? MAPPER.createObjectNode()
              : EventScanner.read(MAPPER, text, "data", JsonNode.class);
      var problem = JsonValidator.problem(type, data, payloadType);
      if (problem != null) {
        throw invalid(text, problem.field(), withType(type, problem.message()));
      }
      return MAPPER.treeToValue(data, payloadType);
    }
    try {
      return EventScanner.read(MAPPER, text, "data", payloadType);
    } catch (JsonMappingException e) {
      throw invalid(text, lastField(e), withType(type, path(e) + message(e.getOriginalMessage())));
    }
  }

  private static Instant occurredAt(String text, ObjectNode object) throws InvalidJsonException {
    var time = string(text, object, "occurredAt");
    var problem = JsonValidator.time("occurredAt", object.get("occurredAt"));
    if (problem != null) {
      throw invalid(text, "occurredAt", problem);
    }
    return Instant.parse(time);
  }

  private static String string(String text, ObjectNode object, String field)
      throws InvalidJsonException {
    var value = object.get(field);
    if (value == null || !value.isTextual()) {
      throw invalid(
          text,
          field,
          field
              + (value == null
                  ? " is missing"
                  : " is not a string: " + JsonValidator.shown(value)));
    }
    return value.textValue();
  }

  private static @Nullable String lastField(JsonMappingException e) {
    return !e.getPath().isEmpty() ? e.getPath().getLast().getFieldName() : null;
  }

  private static String path(JsonMappingException e) {
    if (e.getPath().isEmpty()) {
      return "";
    }
    return e.getPath().stream()
            .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
            .collect(Collectors.joining("."))
        + ": ";
  }

  private static InvalidJsonException invalid(String text, @Nullable String field, String message) {
    var at = field == null ? -1 : text.indexOf('"' + field + '"');
    return new InvalidJsonException(at < 0 ? 1 : at + 1, message);
  }

  private static String sorted(Set<String> names) {
    return Arrays.toString(names.stream().sorted().toArray());
  }

  /** Reads times as strings in ISO 8601, within the bounds of {@link TimeRange}. */
  private static final class Time extends StdScalarDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    Time() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      var time = parser.hasToken(JsonToken.VALUE_STRING) ? parsed(parser.getText()) : null;
      if (time == null) {
        return context.reportInputMismatch(Instant.class, JsonValidator.NO_TIME);
      }
      return TimeRange.is(time)
          ? time
          : context.reportInputMismatch(Instant.class, TimeRange.BOUNDS);
    }

    private static @Nullable Instant parsed(String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        return null;
      }
    }
  }

  /** Rejects null for required fields. */
  private static final class RequiredIsNotNull extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonSetter.Value findSetterInfo(Annotated annotated) {
      return annotated instanceof AnnotatedMember member
              && Boolean.TRUE.equals(hasRequiredMarker(member))
          ? JsonSetter.Value.forValueNulls(Nulls.FAIL, Nulls.FAIL)
          : super.findSetterInfo(annotated);
    }
  }

  /** A text that is not an event. */
  public static final class InvalidJsonException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int column;
    private final boolean tooLarge;

    InvalidJsonException(int column, String message) {
      this(column, message, false);
    }

    InvalidJsonException(int column, String message, boolean tooLarge) {
      super(message);
      this.column = column;
      this.tooLarge = tooLarge;
    }

    /** Returns whether the text has too many elements, and may be an event otherwise. */
    public boolean isTooLarge() {
      return tooLarge;
    }

    /** Returns the column of the fault in the line, from 1. */
    public int column() {
      return column;
    }
  }
}
