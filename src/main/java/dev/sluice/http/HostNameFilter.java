package dev.sluice.http;

import dev.sluice.auth.Authenticator;
import dev.sluice.http.Probe.Asked;
import dev.sluice.http.Probe.Reply;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/**
 * Keeps from the browser on this machine what a page of another name asks, whatever name somebody
 * has made for this machine. Who comes from elsewhere may call the worker as they like.
 */
final class HostNameFilter {

  private static final String WHY =
      "calls from this machine must use localhost or an IP address as host name";

  private HostNameFilter() {}

  /** The refusal of a request without a context; null where it may be answered. */
  static @Nullable Reply refusal(Asked asked) {
    return Authenticator.isRebound(asked.peer(), asked.host())
        ? new Reply(
            ApiGuard.FORBIDDEN,
            JsonResponses.PROBLEM_TYPE,
            JsonResponses.problem(ApiGuard.FORBIDDEN, "Forbidden", WHY))
        : null;
  }

  /** Whether it may be answered; else it is refused. */
  static boolean allow(Context context) {
    if (Authenticator.isRebound(context.req().getRemoteAddr(), context.header("Host"))) {
      JsonResponses.problem(context, ApiGuard.FORBIDDEN, "Forbidden", WHY);
      return false;
    }
    return true;
  }
}
