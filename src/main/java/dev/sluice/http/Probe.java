package dev.sluice.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer for supervisors of the worker, computed at once from known state. The port answers
 * probes on its own threads, independent of its load.
 */
@FunctionalInterface
public interface Probe {

  /**
   * Answers a request.
   *
   * @param asked a GET or HEAD request
   */
  Reply answer(Asked asked);

  /**
   * A request.
   *
   * @param peer address of the caller
   * @param host the header Host; null if missing
   * @param accept the header Accept; null if missing
   */
  record Asked(String peer, @Nullable String host, @Nullable String accept) {}

  /** An answer: status, content type and body. */
  @SuppressWarnings("ArrayRecordComponent") // written once, never changed
  record Reply(int status, String type, byte[] body) {}

  /** Adds the paths of probes as routes too, so that other methods get status 405. */
  static void addTo(RoutesConfig routes, Map<String, Probe> probes) {
    probes.forEach((path, probe) -> Endpoint.get(routes, path, c -> give(c, probe)));
  }

  private static void give(Context context, Probe probe) {
    var reply =
        probe.answer(
            new Asked(
                context.req().getRemoteAddr(), context.header("Host"), context.header("Accept")));
    context.status(reply.status()).contentType(reply.type()).result(reply.body());
  }
}
