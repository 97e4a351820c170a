package dev.sluice.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import dev.sluice.health.Health;
import dev.sluice.metrics.WorkerMetrics;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Shares of resources that callers leave to other callers and to probes. */
class HttpSharesTest {
  private static final String LIVE = "GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n";
  private static final String ONE = "127.0.0.1";
  private static final String TWO = "127.0.0.2";
  private static final String THREE = "127.0.0.3";
  private static final long SECOND_NS = 1_000_000_000;

  /** Steps of a second, so that the test need not wait for the usual ones. */
  private static HttpPort port(Map<String, String> more, Consumer<Context> handler) {
    var settings = new HashMap<>(Map.of("http.port", "0", "http.host", "0.0.0.0"));
    settings.putAll(more);
    var config = SluiceConfig.of(settings);
    return HttpPort.open(
        config,
        List.of(
            new HealthEndpoint(new Health(config)),
            routes -> {
              routes.get("/test", handler::accept);
              routes.post("/test", handler::accept);
            }),
        SECOND_NS);
  }

  private static Socket connect(HttpPort port, String from) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.bind(new java.net.InetSocketAddress(InetAddress.getByName(from), 0));
    socket.connect(new java.net.InetSocketAddress(ONE, port.port()));
    socket.setSoTimeout(25_000);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** The whole answer. */
  private static String ask(HttpPort port, String from, String request) throws IOException {
    try (var socket = connect(port, from)) {
      write(socket, request);
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void probesAreAnsweredWhileRequestsUseEveryVirtualThread() throws Exception {
    var busy = Runtime.getRuntime().availableProcessors() * 2;
    var begun = new Semaphore(0);
    var ended = new CountDownLatch(1);
    try (var metrics = new WorkerMetrics();
        var port =
            HttpPort.open(
                SluiceConfig.of(Map.of("http.port", "0", "http.host", ONE)),
                List.of(
                    new HealthEndpoint(new Health(SluiceConfig.of(Map.of()))),
                    new MetricsEndpoint(metrics),
                    routes ->
                        routes.get(
                            "/test",
                            context -> {
                              begun.release();
                              while (ended.getCount() > 0) {
                                Thread.onSpinWait(); // keeps its thread busy
                              }
                            })))) {
      var open = new ArrayList<Socket>();
      try {
        for (int i = 0; i < busy; i++) {
          var socket = connect(port, ONE);
          open.add(socket);
          write(socket, "GET /test HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        // As many as there are carriers of virtual threads are at it.
        begun.acquire(busy / 2);
        for (var path : List.of("/health/live", "/health", "/metrics")) {
          assertThat(ask(port, ONE, LIVE.replace("/health/live", path)))
              .as(path)
              .startsWith("HTTP/1.1 200")
              .contains("no-store", "nosniff");
        }
        assertThat(ask(port, ONE, LIVE.replace("/live", "/ready"))).startsWith("HTTP/1.1 503");
      } finally {
        ended.countDown();
        for (var socket : open) {
          socket.close();
        }
      }
    }
  }

  @Test
  void theProbeGetsInWhereTwoAddressesHoldIdleConnections() throws Exception {
    try (var port =
        port(
            Map.of("http.connections.max", "16", "http.idle.timeout.ms", "600000"),
            context -> context.result("x"))) {
      var open = new ArrayList<Socket>();
      try {
        for (var from : List.of(ONE, TWO)) {
          for (int i = 0; i < 16; i++) {
            var socket = connect(port, from);
            open.add(socket);
            write(socket, "GET /test HT");
          }
        }
        assertThat(ask(port, THREE, LIVE)).startsWith("HTTP/1.1 200");
        Awaitility.await()
            .ignoreExceptions()
            .until(() -> ask(port, TWO, LIVE).startsWith("HTTP/1.1 200"));
      } finally {
        for (var socket : open) {
          socket.close();
        }
      }
    }
  }

  @Test
  void aConnectionThatSendsNothingIsClosedLongBeforeTheIdleTimeOut() throws Exception {
    try (var port = port(Map.of("http.idle.timeout.ms", "600000"), context -> {});
        var socket = connect(port, ONE)) {
      assertThat(socket.getInputStream().read()).isNegative();
    }
  }

  @Test
  void answersThatACallerDoesNotReadLeaveMemoryForOthersAndAreCutOff() throws Exception {
    var half = new byte[(int) (Runtime.getRuntime().maxMemory() / 32)];
    var request = "GET /test%s HTTP/1.0\r\nHost: localhost\r\n\r\n";
    try (var port =
            port(
                Map.of(),
                context ->
                    JsonResponses.answer(
                        context,
                        200,
                        context.queryString() == null ? half : new byte[half.length / 4]));
        var unread = connect(port, ONE)) {
      write(unread, request.formatted(""));
      Awaitility.await()
          .until(() -> ask(port, ONE, request.formatted("")).startsWith("HTTP/1.1 503"));
      assertThat(ask(port, TWO, request.formatted("?small"))).startsWith("HTTP/1.1 200");
      // No client reads a byte of it, and still the memory is released.
      Awaitility.await()
          .atMost(java.time.Duration.ofSeconds(25))
          .until(() -> ask(port, ONE, request.formatted("")).startsWith("HTTP/1.1 200"));
    }
  }

  @Test
  void aBodyThatStopsComingIsRefusedAndGivesItsMemoryBack() throws Exception {
    var requestMemory = new RequestMemory("tests", 1 << 20);
    var ended = new CountDownLatch(1);
    try (var port =
            port(
                Map.of(),
                context -> {
                  try (var requestBody = RequestBody.of(context, 1 << 20, requestMemory)) {
                    context.result(requestBody.bytes());
                    if (context.queryString() != null) {
                      ended.await();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
        var working = connect(port, ONE)) {
      // One that has sent its body, and waits long for its answer.
      write(
          working, "POST /test?wait HTTP/1.0\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody");
      for (int i = 0; i < 2; i++) {
        try (var socket = connect(port, ONE)) {
          write(
              socket,
              "POST /test HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n"
                  + "x".repeat(400_000));
          var answer = new byte[12];
          assertThat(socket.getInputStream().readNBytes(answer, 0, answer.length)).isEqualTo(12);
          assertThat(new String(answer, UTF_8)).isEqualTo("HTTP/1.1 408");
        }
        // All that one caller alone may have, but for the four bytes.
        try (var all = requestMemory.hold("another")) {
          all.grow((1 << 19) - 2048);
        }
      }
      ended.countDown();
      assertThat(new String(working.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 200")
          .endsWith("body");
    }
  }
}
