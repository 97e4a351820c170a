package dev.sluice.dev.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.registry.IncompatibleSchemaException;
import dev.sluice.registry.RegisteredSchema;
import dev.sluice.registry.SchemaNotFoundException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Answers the calls of Confluent's REST API that {@link RegistryServer} knows. */
final class RegistryRoutes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int INVALID_SCHEMA = 42201;
  private static final int INVALID_VERSION = 42202;
  private static final int INVALID_LEVEL = 42203;

  /**
   * An answer.
   *
   * @param status HTTP status
   * @param body JSON
   */
  record Answer(int status, JsonNode body) {
    /** Returns an error in Confluent's form. */
    static Answer error(int status, int errorCode, @Nullable String message) {
      return new Answer(
          status, JSON.createObjectNode().put("error_code", errorCode).put("message", message));
    }
  }

  /** Thrown to answer a request with an error. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    final transient Answer answer;

    Refusal(int status, int errorCode, String message) {
      super(message);
      this.answer = Answer.error(status, errorCode, message);
    }
  }

  private final SubjectStore store;

  RegistryRoutes(SubjectStore store) {
    this.store = store;
  }

  /**
   * Answers a request.
   *
   * @param rawPath the URL's path, percent-encoded
   */
  Answer answer(String method, String rawPath, byte[] body) {
    try {
      return new Answer(
          200,
          switch (method) {
            case "GET" -> get(segments(rawPath));
            case "POST" -> post(segments(rawPath), body);
            case "PUT" -> put(segments(rawPath), body);
            default -> throw new Refusal(405, 405, method + " is not allowed");
          });
    } catch (Refusal e) {
      return e.answer;
    } catch (SchemaNotFoundException e) {
      return Answer.error(404, e.errorCode(), e.getMessage());
    } catch (IncompatibleSchemaException e) {
      return Answer.error(409, 409, e.getMessage());
    }
  }

  private JsonNode get(List<String> path) throws Refusal {
    return switch (path.size() + " " + path.getFirst()) {
      case "1 subjects" -> JSON.valueToTree(store.subjects());
      case "1 config", "2 config" ->
          JSON.createObjectNode().put("compatibilityLevel", SubjectStore.LEVEL);
      case "3 subjects" -> {
        require(path, 2, "versions");
        yield JSON.valueToTree(store.versions(path.get(1)));
      }
      case "3 schemas" -> {
        require(path, 1, "ids");
        Schema schema =
            store.byId(number(path.get(2), 404, SchemaNotFoundException.UNKNOWN_SCHEMA));
        yield JSON.createObjectNode().put("schema", schema.toString());
      }
      case "4 subjects" -> {
        require(path, 2, "versions");
        String subject = path.get(1);
        yield described(
            subject,
            path.get(3).equals("latest")
                ? store.latest(subject)
                : store.version(subject, number(path.get(3), 422, INVALID_VERSION)));
      }
      default -> throw noSuchPath(path);
    };
  }

  private JsonNode post(List<String> path, byte[] body) throws Refusal {
    return switch (path.size() + " " + path.getFirst()) {
      case "2 subjects" -> described(path.get(1), store.find(path.get(1), schema(body)));
      case "3 subjects" -> {
        require(path, 2, "versions");
        yield JSON.createObjectNode().put("id", store.register(path.get(1), schema(body)).id());
      }
      case "5 compatibility" -> {
        require(path, 1, "subjects");
        require(path, 4, "latest");
        store.latest(path.get(2)); // fails if there is none
        yield JSON.createObjectNode().put("is_compatible", store.takes(path.get(2), schema(body)));
      }
      default -> throw noSuchPath(path);
    };
  }

  private static JsonNode put(List<String> path, byte[] body) throws Refusal {
    if (path.size() != 2 || !path.getFirst().equals("config")) {
      throw noSuchPath(path);
    }
    try {
      String level = JSON.readTree(body).path("compatibility").asText();
      SubjectStore.requireLevel(level);
      return JSON.createObjectNode().put("compatibility", level);
    } catch (IOException | SerializationException e) {
      throw new Refusal(422, INVALID_LEVEL, String.valueOf(e.getMessage()));
    }
  }

  private static ObjectNode described(String subject, RegisteredSchema found) {
    return JSON.createObjectNode()
        .put("subject", subject)
        .put("id", found.id())
        .put("version", found.version())
        .put("schema", found.schema().toString());
  }

  private static Schema schema(byte[] body) throws Refusal {
    try {
      JsonNode request = JSON.readTree(body);
      String type = request.path("schemaType").asText("AVRO");
      if (!type.equals("AVRO") || !request.path("references").isEmpty()) {
        throw new Refusal(422, INVALID_SCHEMA, "Only Avro schemas without references are accepted");
      }
      return new Schema.Parser().parse(request.path("schema").asText());
    } catch (IOException | RuntimeException e) {
      // Avro's parser throws other exceptions too.
      throw new Refusal(422, INVALID_SCHEMA, "Not an Avro schema: " + e.getMessage());
    }
  }

  private static int number(String text, int status, int errorCode) throws Refusal {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Refusal(status, errorCode, text + " is not a number");
    }
  }

  private static void require(List<String> path, int place, String segment) throws Refusal {
    if (!path.get(place).equals(segment)) {
      throw noSuchPath(path);
    }
  }

  private static Refusal noSuchPath(List<String> path) {
    return new Refusal(404, 404, "No resource at /" + String.join("/", path));
  }

  private static List<String> segments(String rawPath) throws Refusal {
    try {
      // URLDecoder would decode a plus as a space.
      return Arrays.stream(rawPath.replaceAll("^/|/$", "").split("/", -1))
          .map(it -> URLDecoder.decode(it.replace("+", "%2B"), StandardCharsets.UTF_8))
          .toList();
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, 400, "The path is not percent-encoded: " + rawPath);
    }
  }
}
