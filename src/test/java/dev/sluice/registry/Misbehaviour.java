package dev.sluice.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Arrays;

/** Answers of a server that is no registry just now; none says anything about a schema. */
public enum Misbehaviour implements HttpHandler {
  HANGS(exchange -> pause(Misbehaviour.SLOW_MS)),
  CLOSES(exchange -> {}),
  BREAKS_OFF(
      exchange -> {
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write("{\"schema\":\"".getBytes(UTF_8));
        exchange.getResponseBody().flush();
      }),
  DRIPS(
      exchange -> {
        exchange.sendResponseHeaders(200, 1000);
        for (int i = 0; i < Misbehaviour.SLOW_MS / Misbehaviour.DRIP_MS; i++) {
          exchange.getResponseBody().write(' ');
          exchange.getResponseBody().flush();
          pause(Misbehaviour.DRIP_MS);
        }
      }),
  NEVER_ENDS(
      exchange -> {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("{\"schema\":\"".getBytes(UTF_8));
        var text = new byte[1 << 20];
        Arrays.fill(text, (byte) 'x');
        for (int i = 0; i < 50; i++) {
          exchange.getResponseBody().write(text);
        }
      }),
  GOES_ROUND(
      exchange -> {
        exchange.getResponseHeaders().add("Location", exchange.getRequestURI().toString());
        exchange.sendResponseHeaders(302, -1);
      }),
  HTML(answer(200, "<html>Welcome</html>")),
  TRUNCATED_JSON(answer(200, "{\"schema\":\"{")),
  EMPTY(answer(200, "")),
  WITHOUT_SCHEMA(answer(200, "{}")),
  BAD_REQUEST(answer(400, "{\"error_code\":400,\"message\":\"bad\"}")),
  UNAUTHORIZED(answer(401, "{\"error_code\":40101,\"message\":\"who are you\"}")),
  FORBIDDEN(answer(403, "{\"error_code\":40301,\"message\":\"no\"}")),
  NOT_FOUND(answer(404, "<html>Not found</html>")),
  NOT_FOUND_BY_A_PROXY(answer(404, "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}")),
  NOT_ALLOWED(answer(405, "{\"error_code\":405,\"message\":\"no\"}")),
  TIMED_OUT(answer(408, "")),
  CONFLICTING(answer(409, "{\"error_code\":409,\"message\":\"starting\"}")),
  UNPROCESSABLE(answer(422, "{\"error_code\":42205,\"message\":\"not now\"}")),
  TOO_MANY(answer(429, "")),
  BROKEN(answer(500, "{\"error_code\":50001,\"message\":\"store\"}")),
  BAD_GATEWAY(answer(502, "<html>Bad gateway</html>")),
  UNAVAILABLE(answer(503, ""));

  /** Longer than a client of a test waits. */
  private static final int SLOW_MS = 600;

  private static final int DRIP_MS = 50;

  private final HttpHandler handler;

  Misbehaviour(HttpHandler handler) {
    this.handler = handler;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    handler.handle(exchange);
  }

  private static HttpHandler answer(int status, String body) {
    return exchange -> {
      var bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  private static void pause(int ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
