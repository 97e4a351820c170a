package dev.sluice.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Gives every request the same answer, and keeps the requests. */
public final class ScriptedServer implements AutoCloseable {
  /** A request; its authorization is empty when there was none. */
  record Seen(String method, String path, String authorization, String contentType) {}

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final String scheme;
  private final HttpServer server;
  private volatile Duration delay = Duration.ZERO;
  private volatile int status;
  private volatile String body;
  private volatile @Nullable HttpHandler handler;

  public ScriptedServer(int status, String body) {
    this(0, status, body);
  }

  /** On a port; 0 for any free one. */
  public ScriptedServer(int port, int status, String body) {
    this(null, port, status, body);
  }

  /** Over TLS, on any free port. */
  ScriptedServer(HttpsConfigurator tls, int status, String body) {
    this(tls, 0, status, body);
  }

  private ScriptedServer(@Nullable HttpsConfigurator tls, int port, int status, String body) {
    this.scheme = tls == null ? "http" : "https";
    this.status = status;
    this.body = body;
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      if (tls == null) {
        server = HttpServer.create(address, 0);
      } else {
        var https = HttpsServer.create(address, 0);
        https.setHttpsConfigurator(tls);
        server = https;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  /** From now on by the handler. */
  public void answer(HttpHandler handler) {
    this.handler = handler;
  }

  public void answer(int status, String body) {
    this.handler = null;
    this.status = status;
    this.body = body;
  }

  void delayBody(Duration delay) {
    this.delay = delay;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return scheme + "://127.0.0.1:" + port();
  }

  List<Seen> seen() {
    return seen;
  }

  private void handle(HttpExchange exchange) throws IOException {
    var other = handler;
    if (other != null) {
      try (exchange) {
        other.handle(exchange);
      }
      return;
    }
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var headers = exchange.getRequestHeaders();
      seen.add(
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath(),
              headers.getOrDefault("Authorization", List.of("")).getFirst(),
              headers.getOrDefault("Content-Type", List.of("")).getFirst()));
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().flush();
      Thread.sleep(delay);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
