package dev.sluice.http;

import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.util.JavalinException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's one port for HTTP. */
public final class HttpPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);
  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int FAILED = 500;

  private final Javalin server;

  private HttpPort(Javalin server) {
    this.server = server;
  }

  /**
   * Opens it.
   *
   * @param endpoints what answers there
   * @throws InvalidConfigException when the port cannot be had
   */
  public static HttpPort open(SluiceConfig config, List<Endpoint> endpoints) {
    var server = Javalin.create(javalin -> configure(config, javalin, endpoints));
    try {
      if (config.tlsKeystore() == null) {
        server.start(config.httpHost(), config.httpPort());
      } else {
        server.start();
      }
    } catch (JavalinException e) {
      throw new InvalidConfigException(
          "cannot listen on port %d of %s (%s): free it, or set http.port to another one, 0 for any"
                  .formatted(config.httpPort(), config.httpHost(), rootMessage(e))
              + " that is free, or -1 for none; http.host says on which address");
    }
    LOG.info(
        "health, metrics and API at {}://{}:{}",
        config.httpScheme(),
        config.httpHost(),
        server.port());
    return new HttpPort(server);
  }

  private static void configure(
      SluiceConfig config, JavalinConfig javalin, List<Endpoint> endpoints) {
    javalin.concurrency.useVirtualThreads = true;
    javalin.startup.showJavalinBanner = false;
    javalin.startup.showOldJavalinVersionWarning = false;
    javalin.http.prefer405over404 = true;
    javalin.http.maxRequestSize = config.httpBodyBytesMax();
    javalin.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    javalin.routes.after(
        context ->
            context
                .header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff"));
    if (config.tlsKeystore() != null) {
      Tls.serve(javalin, config);
    }
    if (!config.corsOrigins().isEmpty()) {
      javalin.routes.before("/v1/*", context -> Cors.allow(context, config.corsOrigins()));
      javalin.routes.options("/v1/*", context -> context.status(NO_CONTENT));
    }
    problems(javalin.routes);
    endpoints.forEach(endpoint -> endpoint.addTo(javalin.routes));
  }

  private static void problems(RoutesConfig routes) {
    routes.error(
        NOT_FOUND,
        context -> {
          // What is there answers for itself where it does not find what it was asked for.
          if (!Json.isProblem(context)) {
            Json.problem(context, NOT_FOUND, "Not found", "nothing is at " + context.path());
          }
        });
    routes.error(
        NOT_ALLOWED,
        context ->
            Json.problem(
                context,
                NOT_ALLOWED,
                "Method not allowed",
                context.method() + " is not for " + context.path()));
    routes.exception(
        Exception.class,
        (e, context) -> {
          LOG.warn("cannot answer {} {}", context.method(), context.path(), e);
          Json.problem(context, FAILED, "Failed", "the worker's log says why");
        });
  }

  private static String rootMessage(Throwable error) {
    var root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof UnresolvedAddressException
        ? "this name has no address"
        : root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  /** The port that it is. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}
