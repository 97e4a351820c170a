package dev.sluice.http;

import io.javalin.http.Context;
import java.util.List;

/** Permits browser calls with a token from pages of the configured origins. */
final class Cors {
  private static final String AGE_SECONDS = "600";

  private Cors() {}

  static void allow(Context context, List<String> origins) {
    context.header("Vary", "Origin");
    var origin = context.header("Origin");
    if (origin != null && origins.contains(origin)) {
      context
          .header("Access-Control-Allow-Origin", origin)
          .header("Access-Control-Allow-Methods", "GET, POST")
          .header("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match")
          .header("Access-Control-Expose-Headers", "ETag, Retry-After")
          .header("Access-Control-Max-Age", AGE_SECONDS);
    }
  }
}
