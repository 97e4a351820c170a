package dev.sluice.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** Some paths, and what answers there. */
@FunctionalInterface
public interface Endpoint {

  /** Adds them. */
  void addTo(RoutesConfig routes);

  /** Answers GET, and HEAD as GET without the body. */
  static void get(RoutesConfig routes, String path, Handler handler) {
    routes.get(path, handler);
    routes.head(path, handler);
  }
}
