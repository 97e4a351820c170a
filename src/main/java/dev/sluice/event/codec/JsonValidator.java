package dev.sluice.event.codec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.event.Agreement;
import dev.sluice.event.Expert;
import dev.sluice.text.Cut;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares JSON with the record class that it is read into, and describes faults in plain words. A
 * field that is {@link JsonProperty#required} must be present.
 */
final class JsonValidator {

  /**
   * A fault.
   *
   * @param field the innermost field's name; null for the whole object
   * @param message names the path to the field
   */
  record Problem(@Nullable String field, String message) {}

  static final String NO_TIME = "not a time like 2026-01-05T09:00:00Z";

  /** Classes that JSON may give as an object, or only as an id. */
  private static final Set<Class<?>> ID_ALONE = Set.of(Agreement.class, Expert.class);

  private static final int SHOWN_MAX = 100;

  private JsonValidator() {}

  /**
   * Returns the first fault; null if there is none.
   *
   * @param name the name of the object in messages
   * @param kind a record class
   */
  static @Nullable Problem problem(String name, JsonNode object, Class<?> kind) {
    return object.isObject()
        ? problem(name, "", null, object, kind)
        : new Problem("data", "data must be an object, not " + kind(object));
  }

  private static @Nullable Problem problem(
      String name, String path, @Nullable String field, JsonNode object, Class<?> kind) {
    if (!object.isObject()) {
      return new Problem(field, "%s must be an object, not %s".formatted(path, kind(object)));
    }
    var components = kind.getRecordComponents();
    var known = Arrays.stream(components).map(RecordComponent::getName).toList();
    for (var given : (Iterable<String>) object::fieldNames) {
      if (!known.contains(given)) {
        return new Problem(
            given,
            "%s has no field %s; it has: %s"
                .formatted(path.isEmpty() ? name : path, shown(given), String.join(", ", known)));
      }
    }
    for (var component : components) {
      var own = component.getName();
      var to = path.isEmpty() ? own : path + "." + own;
      var value = object.get(own);
      var required = isRequired(component);
      if (value == null) {
        if (required) {
          return new Problem(own, to + " is missing");
        }
      } else if (value.isNull()) {
        if (required) {
          return new Problem(own, to + " must not be null");
        }
      } else {
        var problem = problem(to, own, value, component.getGenericType());
        if (problem != null) {
          return problem;
        }
      }
    }
    return null;
  }

  private static boolean isRequired(RecordComponent component) {
    var property = component.getAccessor().getAnnotation(JsonProperty.class);
    return property != null && property.required();
  }

  private static @Nullable Problem problem(String path, String field, JsonNode value, Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == List.class
          ? list(path, field, value, generic.getActualTypeArguments()[0])
          : texts(path, field, value);
    }
    var kind = (Class<?>) type;
    if (kind.isRecord()) {
      return ID_ALONE.contains(kind) && value.isTextual()
          ? null
          : problem(path, path, field, value, kind);
    }
    if (kind == Instant.class) {
      var problem = time(path, value);
      return problem == null ? null : new Problem(field, problem);
    }
    if (kind.isEnum()) {
      var names = Arrays.stream(kind.getEnumConstants()).map(String::valueOf).toList();
      return value.isTextual() && names.contains(value.textValue())
          ? null
          : new Problem(
              field,
              "%s must be %s, not %s".formatted(path, String.join(" or ", names), shown(value)));
    }
    if (kind == Integer.class) {
      return value.isIntegralNumber() && value.canConvertToInt()
          ? null
          : new Problem(field, "%s must be a whole number, not %s".formatted(path, shown(value)));
    }
    var isBoolean = kind == boolean.class;
    return (isBoolean ? value.isBoolean() : value.isTextual())
        ? null
        : new Problem(
            field,
            "%s must be %s, not %s"
                .formatted(path, isBoolean ? "true or false" : "a text", kind(value)));
  }

  private static @Nullable Problem list(String path, String field, JsonNode value, Type of) {
    if (!value.isArray()) {
      return new Problem(
          field,
          "%s must be a list of %s, not %s"
              .formatted(path, of == String.class ? "texts" : "objects", kind(value)));
    }
    for (int i = 0; i < value.size(); i++) {
      var problem = problem("%s[%d]".formatted(path, i), field, value.get(i), of);
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @Nullable Problem texts(String path, String field, JsonNode value) {
    if (!value.isObject()) {
      return new Problem(
          field, "%s must be an object of texts, not %s".formatted(path, kind(value)));
    }
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      if (!entry.getValue().isTextual()) {
        return new Problem(
            entry.getKey(),
            "%s must be an object of texts; its %s is %s"
                .formatted(path, shown(entry.getKey()), kind(entry.getValue())));
      }
    }
    return null;
  }

  /**
   * Returns a description of an invalid time; null if it is valid. A number is invalid, since it
   * has no unit.
   */
  static @Nullable String time(String path, JsonNode value) {
    if (value.isTextual()) {
      try {
        var time = Instant.parse(value.textValue());
        return TimeRange.is(time)
            ? null
            : "%s is %s; %s".formatted(path, shown(value), TimeRange.BOUNDS);
      } catch (DateTimeException e) {
        // described below
      }
    }
    return "%s is %s: %s".formatted(path, NO_TIME, shown(value));
  }

  /** Returns the value as it is written, cut to the length of a line. */
  static String shown(JsonNode value) {
    return shown(value.toString());
  }

  private static String shown(String text) {
    return Cut.to(text.lines().collect(Collectors.joining(" ")), SHOWN_MAX);
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      case STRING -> "a text";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      default -> "null";
    };
  }
}
