package dev.sluice.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.sluice.http.Probe.Reply;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes JSON answers. */
final class JsonResponses {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
          .build();
  private static final String TYPE = "application/json";
  static final String PROBLEM_TYPE = "application/problem+json";

  /** Request attribute that holds the memory for the answer. */
  static final String HELD = "dev.sluice.http.held";

  /** Size in bytes below which an answer is not counted; a connection uses as much anyway. */
  private static final int SMALL = 32 * 1024;

  private JsonResponses() {}

  static void answer(Context context, int status, Map<String, ?> body) {
    answer(context, status, bytes(body));
  }

  /**
   * Answers with a record.
   *
   * @param stale whether the answer may be behind; sets the field stale
   */
  static void answer(Context context, int status, Object value, boolean stale) {
    answer(context, status, bytes(value, stale));
  }

  /** Returns a record as JSON, with the field stale if the answer may be behind. */
  static byte[] bytes(Object value, boolean stale) {
    return bytes(stale ? new Stale(value, true) : value);
  }

  /** An answer with the additional field stale. */
  private record Stale(@JsonUnwrapped Object answer, boolean stale) {}

  /** Returns an answer outside of a request context. */
  static Reply reply(int status, Map<String, ?> body) {
    return new Reply(status, TYPE, bytes(body));
  }

  /** Returns a record as JSON on one line. */
  static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write as JSON", e);
    }
  }

  /** Answers with a problem in the form of RFC 9457. */
  static void problem(Context context, int status, String title, String detail) {
    problem(context, status, title, detail, Map.of());
  }

  /** Answers with a problem that has additional fields. */
  static void problem(
      Context context, int status, String title, String detail, Map<String, String> more) {
    context
        .status(status)
        .contentType(PROBLEM_TYPE)
        .result(bytes(problem(status, title, detail, more)));
  }

  /** Returns the body of a problem. */
  static byte[] problem(int status, String title, String detail) {
    return bytes(problem(status, title, detail, Map.of()));
  }

  private static Map<String, Object> problem(
      int status, String title, String detail, Map<String, String> more) {
    var body = new LinkedHashMap<String, Object>();
    body.put("title", title);
    body.put("status", status);
    body.put("detail", detail);
    body.putAll(more);
    return body;
  }

  /** Returns whether the answer is a problem. */
  static boolean isProblem(Context context) {
    return PROBLEM_TYPE.equals(context.res().getContentType());
  }

  /** Answers with JSON bytes; they count as the worker's memory until the caller has read them. */
  static void answer(Context context, int status, byte[] json) {
    answer(context, status, TYPE, json);
  }

  private static void answer(Context context, int status, String type, byte[] json) {
    if (json.length > SMALL && context.attribute(HELD) instanceof RequestMemory.Held held) {
      held.grow(json.length);
    }
    // As bytes: a text would be sent in ISO-8859-1.
    context.status(status).contentType(type).result(json);
  }

  /** Answers with the JSON of another process. */
  static void passed(Context context, int status, boolean isProblem, byte[] json) {
    answer(context, status, isProblem ? PROBLEM_TYPE : TYPE, json);
    if (status == ApiGuard.UNAVAILABLE || status == ApiGuard.TOO_MANY) {
      context.header("Retry-After", ApiGuard.RETRY_SECONDS);
    }
  }

  private static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write as JSON", e);
    }
  }
}
