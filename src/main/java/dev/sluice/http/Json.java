package dev.sluice.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers in JSON. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String TYPE = "application/json";
  private static final String PROBLEM_TYPE = "application/problem+json";

  private Json() {}

  static void answer(Context context, int status, Map<String, ?> body) {
    write(context, status, TYPE, body);
  }

  /** What went wrong, in the form of RFC 9457. */
  static void problem(Context context, int status, String title, String detail) {
    var body = new LinkedHashMap<String, Object>();
    body.put("title", title);
    body.put("status", status);
    body.put("detail", detail);
    write(context, status, PROBLEM_TYPE, body);
  }

  private static void write(Context context, int status, String type, Map<String, ?> body) {
    try {
      context.status(status).contentType(type).result(MAPPER.writeValueAsString(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write as JSON", e);
    }
  }
}
