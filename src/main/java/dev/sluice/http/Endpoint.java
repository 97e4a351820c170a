package dev.sluice.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A group of routes. */
@FunctionalInterface
public interface Endpoint {

  /** Adds the routes. */
  void addTo(RoutesConfig routes);

  /** Returns the probes by path, which the port's own threads answer; by default none. */
  default Map<String, Probe> probes() {
    return Map.of();
  }

  /** Returns the routes of several groups. */
  static Endpoint all(Endpoint... endpoints) {
    return routes -> {
      for (var endpoint : endpoints) {
        endpoint.addTo(routes);
      }
    };
  }

  /** Returns the content of a file beside this class in the program. */
  static byte[] resource(String name) {
    try (var file = Endpoint.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers GET, and HEAD as GET without the body. */
  static void get(RoutesConfig routes, String path, Handler handler) {
    routes.get(path, handler);
    routes.head(path, handler);
  }
}
