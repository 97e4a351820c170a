package dev.sluice.dev.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.dev.registry.RegistryRoutes.Answer;
import dev.sluice.dev.registry.SubjectStore.Contents;
import dev.sluice.registry.RegistryConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry for development, reachable from this computer only. Implements the part of
 * Confluent's REST API that serializers and deserializers use, and keeps each subject
 * FULL_TRANSITIVE compatible.
 */
public final class RegistryServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);
  private static final int BODY_LIMIT_BYTES = 1 << 20;

  private static final List<String> BODIES = List.of("POST", "PUT");

  /** Content types of calls that change something; clients of Confluent's API send one of them. */
  private static final List<String> JSON_TYPES =
      List.of("application/vnd.schemaregistry.v1+json", "application/json");

  private final HttpServer server;
  private final ExecutorService executor;
  private final RegistryRoutes routes;

  private RegistryServer(HttpServer server, SubjectStore store) {
    this.server = server;
    this.executor = Executors.newVirtualThreadPerTaskExecutor();
    this.routes = new RegistryRoutes(store);
  }

  /**
   * Starts a server on the loopback address.
   *
   * @param port 0 for a free one
   * @param file persistent storage of ids and schemas, read now if it exists; null for memory only
   * @throws IOException if the port is in use, or the file cannot be read
   */
  public static RegistryServer start(int port, @Nullable Path file) throws IOException {
    SubjectStore store = new SubjectStore();
    if (file != null) {
      StoreFile storeFile = new StoreFile(file);
      Contents saved = storeFile.load();
      store = new SubjectStore(saved, storeFile::save);
    }
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new IOException("The schema registry cannot listen on " + address, e);
    }
    RegistryServer registry = new RegistryServer(server, store);
    server.setExecutor(registry.executor);
    server.createContext("/", registry::handle);
    server.start();
    return registry;
  }

  /** Returns the base URL, for {@link RegistryConfig#URL}. */
  public String url() {
    InetSocketAddress address = server.getAddress();
    return "http://" + address.getHostString() + ":" + address.getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] body = answer.body().toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    // Only browsers send this header; requests of web pages are refused.
    if (exchange.getRequestHeaders().containsKey("Origin")
        || exchange.getRequestHeaders().containsKey("Sec-Fetch-Site")) {
      return Answer.error(403, 403, "Requests of browser pages are refused");
    }
    if (BODIES.contains(exchange.getRequestMethod()) && !isJson(exchange)) {
      return Answer.error(415, 415, "Content-Type must be " + String.join(" or ", JSON_TYPES));
    }
    byte[] body = exchange.getRequestBody().readNBytes(BODY_LIMIT_BYTES + 1);
    if (body.length > BODY_LIMIT_BYTES) {
      return Answer.error(413, 413, "The body exceeds " + BODY_LIMIT_BYTES + " bytes");
    }
    try {
      return routes.answer(
          exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(), body);
    } catch (RuntimeException e) {
      LOG.error("The schema registry failed to answer", e);
      return Answer.error(500, 50001, "The registry failed; its log has the reason");
    }
  }

  /** A browser's page can send no such type to another site without asking it before. */
  private static boolean isJson(HttpExchange exchange) {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    return type != null && JSON_TYPES.contains(type.replaceFirst(";.*", "").strip());
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }
}
