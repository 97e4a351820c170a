package dev.sluice.http;

import dev.sluice.auth.Gate;
import io.javalin.http.Context;

/**
 * Keeps from the browser on this machine what a page of another name asks, whatever name somebody
 * has made for this machine. Who comes from elsewhere may call the worker as they like.
 */
final class LocalNames {

  private LocalNames() {}

  /** Whether it may be answered; else it is refused. */
  static boolean allow(Context context) {
    if (Gate.isRebound(context.req().getRemoteAddr(), context.header("Host"))) {
      Json.problem(
          context,
          ApiGuard.FORBIDDEN,
          "Not allowed",
          "from this machine, ask at localhost or at an address");
      return false;
    }
    return true;
  }
}
