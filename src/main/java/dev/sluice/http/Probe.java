package dev.sluice.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer for those who supervise the worker: made at once, of what is known already. The port
 * gives it on threads of its own, whatever else it is busy with.
 */
@FunctionalInterface
public interface Probe {

  /**
   * Answers.
   *
   * @param asked is GET or HEAD
   */
  Reply answer(Asked asked);

  /**
   * A request.
   *
   * @param peer the address that the connection comes from
   * @param host the header of that name; null for none
   * @param accept the header of that name; null for none
   */
  record Asked(String peer, @Nullable String host, @Nullable String accept) {}

  /** An answer: status, content type and body. */
  @SuppressWarnings("ArrayRecordComponent") // it is written once
  record Reply(int status, String type, byte[] body) {}

  /** Adds the paths of probes as routes too, so that other methods are refused there. */
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
