package dev.sluice.http;

import dev.sluice.auth.Gate;
import dev.sluice.http.Probe.Asked;
import dev.sluice.http.Probe.Reply;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/**
 * Keeps from the browser on this machine what a page of another name asks, whatever name somebody
 * has made for this machine. Who comes from elsewhere may call the worker as they like.
 */
final class LocalNames {

  private static final String WHY = "from this machine, ask at localhost or at an address";

  private LocalNames() {}

  /** The refusal of a request without a context; null where it may be answered. */
  static @Nullable Reply refusal(Asked asked) {
    return Gate.isRebound(asked.peer(), asked.host())
        ? new Reply(
            ApiGuard.FORBIDDEN,
            Json.PROBLEM_TYPE,
            Json.problem(ApiGuard.FORBIDDEN, "Not allowed", WHY))
        : null;
  }

  /** Whether it may be answered; else it is refused. */
  static boolean allow(Context context) {
    if (Gate.isRebound(context.req().getRemoteAddr(), context.header("Host"))) {
      Json.problem(context, ApiGuard.FORBIDDEN, "Not allowed", WHY);
      return false;
    }
    return true;
  }
}
