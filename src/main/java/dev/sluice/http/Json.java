package dev.sluice.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers in JSON. */
final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
          .build();
  private static final String TYPE = "application/json";
  private static final String PROBLEM_TYPE = "application/problem+json";

  private Json() {}

  static void answer(Context context, int status, Map<String, ?> body) {
    write(context, status, TYPE, body);
  }

  /**
   * Any record.
   *
   * @param stale whether it may be behind, which is said in it
   */
  static void answer(Context context, int status, Object value, boolean stale) {
    var body = MAPPER.<ObjectNode>valueToTree(value);
    if (stale) {
      body.put("stale", true);
    }
    write(context, status, TYPE, body);
  }

  /** Any record, on one line. */
  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write as JSON", e);
    }
  }

  /** What went wrong, in the form of RFC 9457. */
  static void problem(Context context, int status, String title, String detail) {
    problem(context, status, title, detail, Map.of());
  }

  /** The same with fields of its own. */
  static void problem(
      Context context, int status, String title, String detail, Map<String, String> more) {
    var body = new LinkedHashMap<String, Object>();
    body.put("title", title);
    body.put("status", status);
    body.put("detail", detail);
    body.putAll(more);
    write(context, status, PROBLEM_TYPE, body);
  }

  /** Whether such an answer was given. */
  static boolean isProblem(Context context) {
    return PROBLEM_TYPE.equals(context.res().getContentType());
  }

  private static void write(Context context, int status, String type, Object body) {
    context.status(status).contentType(type).result(text(body));
  }
}
