package dev.sluice.http;

import dev.sluice.auth.Authenticator;
import dev.sluice.http.Probe.Asked;
import dev.sluice.http.Probe.Reply;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/**
 * Blocks browser requests from this machine under a foreign host name (DNS rebinding). Calls from
 * other machines may use any name.
 */
final class HostNameFilter {

  private static final String WHY =
      "calls from this machine must use localhost or an IP address as host name";

  private HostNameFilter() {}

  /** Returns the refusal of a request without a context; null if the request is permitted. */
  static @Nullable Reply refusal(Asked asked) {
    return Authenticator.isRebound(asked.peer(), asked.host())
        ? new Reply(
            ApiGuard.FORBIDDEN,
            JsonResponses.PROBLEM_TYPE,
            JsonResponses.problem(ApiGuard.FORBIDDEN, "Forbidden", WHY))
        : null;
  }

  /** Returns whether a request is permitted; otherwise refuses it. */
  static boolean allow(Context context) {
    if (Authenticator.isRebound(context.req().getRemoteAddr(), context.header("Host"))) {
      JsonResponses.problem(context, ApiGuard.FORBIDDEN, "Forbidden", WHY);
      return false;
    }
    return true;
  }
}
