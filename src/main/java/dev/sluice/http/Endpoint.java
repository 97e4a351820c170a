package dev.sluice.http;

import io.javalin.config.RoutesConfig;

/** Some paths, and what answers there. */
@FunctionalInterface
public interface Endpoint {

  /** Adds them. */
  void addTo(RoutesConfig routes);
}
