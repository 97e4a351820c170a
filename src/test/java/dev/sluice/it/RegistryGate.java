package dev.sluice.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.sluice.registry.ScriptedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands before a registry, and answers in its place while a way is shut. */
final class RegistryGate implements AutoCloseable {
  private final String behind;
  private final List<? extends HttpHandler> toReads;
  private final List<? extends HttpHandler> toWrites;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ScriptedServer server = new ScriptedServer(503, "");
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();
  private volatile boolean shutToReads;
  private volatile boolean shutToWrites;

  /**
   * Open at first.
   *
   * @param behind the registry's URL
   * @param toReads what answers GET in turn while that is shut
   * @param toWrites what answers everything else
   */
  RegistryGate(
      String behind, List<? extends HttpHandler> toReads, List<? extends HttpHandler> toWrites) {
    this.behind = behind;
    this.toReads = toReads;
    this.toWrites = toWrites;
    server.answer(this::handle);
  }

  String url() {
    return server.url();
  }

  void shut(boolean reading, boolean writing) {
    shutToReads = reading;
    shutToWrites = writing;
  }

  /** The number of reads that were answered with a refusal. */
  int reads() {
    return reads.get();
  }

  /** The number of writes that were answered with a refusal. */
  int writes() {
    return writes.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var asks = exchange.getRequestMethod().equals("GET");
    if (asks ? shutToReads : shutToWrites) {
      var all = asks ? toReads : toWrites;
      var count = (asks ? reads : writes).getAndIncrement();
      all.get(count % all.size()).handle(exchange);
    } else {
      forward(exchange);
    }
  }

  private void forward(HttpExchange exchange) throws IOException {
    var body = HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes());
    try {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(behind + exchange.getRequestURI()))
                  .method(exchange.getRequestMethod(), body)
                  .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
