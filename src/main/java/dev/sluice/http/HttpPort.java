package dev.sluice.http;

import dev.sluice.config.ApiKeys;
import dev.sluice.config.HttpKeys;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.util.JavalinException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP port of a worker. */
public final class HttpPort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);

  /** Security headers of every answer. */
  static final Map<String, String> HEADERS =
      Map.of("X-Content-Type-Options", "nosniff", "Cross-Origin-Resource-Policy", "same-origin");

  /** Fraction of the heap for unread answers. */
  private static final int ANSWERS_SHARE = 16;

  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int FAILED = 500;

  private static final ThrottledLog TROUBLE = new ThrottledLog(LOG);

  /** Maximum number of threads that read headers and answer probes. None waits for a caller. */
  private static final int THREADS_MAX = 32;

  private static final int THREADS_MIN = 4;

  private final Javalin server;
  private final ExecutorService requests;

  private HttpPort(Javalin server, ExecutorService requests) {
    this.server = server;
    this.requests = requests;
  }

  /**
   * Opens the port.
   *
   * @param endpoints routes of the port
   * @throws InvalidConfigException if the port cannot be opened
   */
  public static HttpPort open(SluiceConfig config, List<Endpoint> endpoints) {
    return open(config, endpoints, TransferPace.STEP_NS);
  }

  /** Opens the port with another step for {@link TransferPace}, in nanoseconds. */
  static HttpPort open(SluiceConfig config, List<Endpoint> endpoints, long stepNs) {
    var requests =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 1).factory());
    var server = Javalin.create(j -> configure(config, j, endpoints, requests, stepNs));
    try {
      server.start();
    } catch (JavalinException e) {
      requests.shutdownNow();
      throw new InvalidConfigException(
          "cannot listen on port %d of %s (%s): free it, or set http.port to another one, 0 for any"
                  .formatted(config.get(HttpKeys.PORT), config.get(HttpKeys.HOST), rootMessage(e))
              + " free port, or -1 for none; http.host sets the address");
    }
    LOG.info(
        "health, metrics and API at {}://{}:{}",
        config.httpScheme(),
        config.get(HttpKeys.HOST),
        server.port());
    return new HttpPort(server, requests);
  }

  /**
   * Checks the TLS files.
   *
   * @throws InvalidConfigException if they cannot be used
   */
  public static void checkTls(SluiceConfig config) {
    Tls.check(config);
  }

  private static void configure(
      SluiceConfig config,
      JavalinConfig javalin,
      List<Endpoint> endpoints,
      Executor requests,
      long stepNs) {
    javalin.jetty.threadPool = threads();
    javalin.startup.showJavalinBanner = false;
    javalin.startup.showOldJavalinVersionWarning = false;
    javalin.http.prefer405over404 = true;
    javalin.http.maxRequestSize = config.get(ApiKeys.BODY_BYTES_MAX);
    javalin.routes.after(
        context -> {
          context.header("Cache-Control", "no-store");
          HEADERS.forEach(context::header);
        });
    var tls = Tls.server(config);
    var answers = new RequestMemory("answers", Runtime.getRuntime().maxMemory() / ANSWERS_SHARE);
    var probes = new HashMap<String, Probe>();
    endpoints.forEach(endpoint -> probes.putAll(endpoint.probes()));
    javalin.jetty.modifyServer(
        server -> {
          server.setErrorHandler(new MalformedRequests());
          server.setHandler(new ProbeHandler(probes, requests));
        });
    javalin.jetty.addConnector(
        (server, http) -> connector(config, server, http, tls, answers, stepNs));
    if (!config.get(ApiKeys.CORS_ORIGINS).isEmpty()) {
      javalin.routes.before(
          "/v1/*", context -> Cors.allow(context, config.get(ApiKeys.CORS_ORIGINS)));
      javalin.routes.options("/v1/*", context -> context.status(NO_CONTENT));
    }
    problems(javalin.routes);
    endpoints.forEach(endpoint -> endpoint.addTo(javalin.routes));
  }

  private static QueuedThreadPool threads() {
    var threads = new QueuedThreadPool(THREADS_MAX, THREADS_MIN);
    threads.setName("http");
    threads.setDaemon(true);
    return threads;
  }

  private static Connector connector(
      SluiceConfig config,
      Server server,
      HttpConfiguration http,
      SslContextFactory.@Nullable Server tls,
      RequestMemory answers,
      long stepNs) {
    var own = new HttpConfiguration(http);
    own.setSendServerVersion(false);
    if (tls != null) {
      // A certificate's names need not match the host name. Set before the connector is created,
      // which would otherwise add a stricter check.
      own.addCustomizer(new SecureRequestCustomizer(false));
    }
    var plain = new HttpConnectionFactory(own);
    var connector = new Metered(server, stepNs, tls, plain);
    var connectionLimits =
        new ConnectionLimits(
            config.get(HttpKeys.CONNECTIONS_MAX),
            config.get(HttpKeys.IDLE_TIMEOUT),
            connector.getScheduler(),
            answers);
    own.addCustomizer(connectionLimits);
    connector.addBean(connectionLimits);
    connector.setHost(config.get(HttpKeys.HOST));
    connector.setPort(config.get(HttpKeys.PORT));
    return connector;
  }

  /** Connector that counts the bytes of each connection. */
  private static final class Metered extends ServerConnector {
    private final long stepNs;

    Metered(
        Server server,
        long stepNs,
        SslContextFactory.@Nullable Server tls,
        HttpConnectionFactory plain) {
      super(server, null, null, null, -1, -1, factories(tls, plain));
      this.stepNs = stepNs;
    }

    private static ConnectionFactory[] factories(
        SslContextFactory.@Nullable Server tls, HttpConnectionFactory plain) {
      return tls == null
          ? new ConnectionFactory[] {plain}
          : AbstractConnectionFactory.getFactories(tls, plain);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(
        SocketChannel channel, ManagedSelector selector, SelectionKey key) {
      var endPoint = new MeteredEndPoint(channel, selector, key, getScheduler(), stepNs);
      endPoint.setIdleTimeout(getIdleTimeout());
      return endPoint;
    }
  }

  private static void problems(RoutesConfig routes) {
    routes.error(
        NOT_FOUND,
        context -> {
          // Existing routes report missing objects themselves.
          if (!JsonResponses.isProblem(context)) {
            JsonResponses.problem(
                context, NOT_FOUND, "Not found", "no resource at " + context.path());
          }
        });
    routes.error(
        NOT_ALLOWED,
        context -> {
          if ("OPTIONS".equals(context.res().getHeader("Allow"))) {
            // Only a CORS preflight is accepted on all paths.
            context.res().setHeader("Allow", null);
            JsonResponses.problem(
                context, NOT_FOUND, "Not found", "no resource at " + context.path());
            return;
          }
          JsonResponses.problem(
              context,
              NOT_ALLOWED,
              "Method not allowed",
              context.method() + " is not for " + context.path());
        });
    routes.exception(
        Exception.class,
        (e, context) -> {
          TROUBLE.warn("cannot answer " + context.method(), e);
          JsonResponses.problem(context, FAILED, "Failed", "the worker's log says why");
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

  /** Returns the number of the open port. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
    requests.shutdownNow();
  }
}
