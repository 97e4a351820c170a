package dev.sluice.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.auth.Role;
import dev.sluice.auth.TokenFile;
import dev.sluice.config.SluiceConfig;
import dev.sluice.health.Health;
import dev.sluice.limits.SizeLimits;
import dev.sluice.metrics.ExpositionFormat;
import dev.sluice.metrics.WorkerMetrics;
import dev.sluice.query.shard.CallVersion;
import io.javalin.http.HttpResponseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Abuse of the port by callers; no worker runs. */
class HttpAbuseTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = "\u00e9t\u00e9-\u88fd\u54c1";

  @TempDir private static Path folder;
  private static TokenFile.Made token;
  private static WorkerMetrics metrics;
  private static Api api;
  private static HttpPort port;
  private static HttpClient client;

  @BeforeAll
  static void open() throws Exception {
    token = TokenFile.make("ana", Set.of(Role.READ, Role.PUBLISH), null);
    Files.writeString(folder.resolve("tokens"), token.line());
    metrics = new WorkerMetrics();
    var config = config(Map.of("http.cors.origins", "https://console.example.com"));
    api = Api.of(config, ApiObserver.NONE);
    port = port(config, api);
    client = HttpClient.newHttpClient();
  }

  private static SluiceConfig config(Map<String, String> more) {
    var settings =
        new HashMap<>(
            Map.of(
                "http.port", "0",
                "http.host", "127.0.0.1",
                "http.rate.per.second", "0",
                "http.auth.file", folder.resolve("tokens").toString()));
    settings.putAll(more);
    return SluiceConfig.of(settings);
  }

  private static HttpPort port(SluiceConfig config, Api of) {
    return HttpPort.open(
        config,
        List.of(
            new HealthEndpoint(new Health(config)),
            new MetricsEndpoint(metrics),
            new InfoEndpoint(config),
            of.endpoint(),
            new ConsoleEndpoint()));
  }

  @AfterAll
  static void close() {
    client.close();
    api.dismiss();
    port.close();
    api.close();
    metrics.close();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.port() + path))
        .header("Authorization", "Bearer " + token.token())
        .header(CallVersion.HEADER, Integer.toString(CallVersion.CURRENT));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static HttpResponse<byte[]> post(String path, String type, String body) throws Exception {
    // A client that is still sending when its connection is closed may never see the answer.
    return send(
        request(path)
            .header("Content-Type", type)
            .expectContinue(true)
            .POST(BodyPublishers.ofString(body)));
  }

  private static JsonNode problem(HttpResponse<byte[]> answer) throws IOException {
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    return JSON.readTree(answer.body());
  }

  /** Sends bytes as they are; the whole answer. */
  private static String raw(int to, String text) throws IOException {
    try (var socket = new Socket("127.0.0.1", to)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void shouldEncodeProblemsInUtf8() throws Exception {
    var answer = post("/v1/preview", "application/json", "{\"" + ID + "\":1}");

    assertThat(problem(answer).get("detail").asText()).contains("unknown field " + ID + ";");
    var none =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.port() + "/v1/products"))
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(problem(none).get("detail").asText()).doesNotContain("?");
  }

  @Test
  void shouldAnswerHeadAsGetWithoutTheBody() throws Exception {
    for (var path :
        List.of(
            "/health",
            "/health/live",
            "/health/ready",
            "/metrics",
            "/info",
            "/",
            "/openapi.json",
            "/v1/products",
            "/v1/products/x",
            "/v1/overview",
            "/console/app.js",
            "/v1/explain")) {
      var get = send(request(path));
      var head = send(request(path).method("HEAD", BodyPublishers.noBody()));
      assertThat(head.statusCode()).as(path).isEqualTo(get.statusCode());
      assertThat(head.headers().firstValue("Content-Type"))
          .as(path)
          .isEqualTo(get.headers().firstValue("Content-Type"));
      assertThat(head.body()).as(path).isEmpty();
    }
    assertThat(send(request("/health/ready").method("HEAD", BodyPublishers.noBody())).statusCode())
        .isEqualTo(503);
  }

  @Test
  void shouldIgnoreMethodOverrides() throws Exception {
    var answer =
        send(
            request("/v1/events")
                .header("X-HTTP-Method-Override", "POST")
                .header("Content-Type", "application/json"));

    assertThat(answer.statusCode()).isEqualTo(405);
  }

  @Test
  void shouldLimitABodyByItsHeaderAndByItsBytes() throws Exception {
    for (var length : List.of("9223372036854775807", "8388609")) {
      assertThat(
              raw(
                  port.port(),
                  "POST /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                      + ("Authorization: Bearer " + token.token() + "\r\n")
                      + "Content-Type: application/x-ndjson\r\nContent-Length: "
                      + length
                      + "\r\n\r\n"))
          .startsWith("HTTP/1.1 413");
    }
    var large = "x".repeat(RequestBody.EVENT_MAX + 1);
    for (var path : List.of("/v1/preview", "/v1/events")) {
      var answer = post(path, "application/json", large);
      assertThat(answer.statusCode()).as(path).isEqualTo(413);
      problem(answer);
    }
    assertThat(post("/v1/events", "application/x-ndjson", "\n" + large).statusCode())
        .isEqualTo(413);
    assertThat(post("/internal/v1/parts/users/0/preview", "x", "[" + large + large + large))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(413);
    var arguments = "[\"" + "x".repeat(64 * 1024) + "\"]";
    assertThat(post("/internal/v1/parts/users/0/standings", "x", arguments).statusCode())
        .isEqualTo(413);
  }

  @Test
  void shouldNameTheWrongLineOfABody() throws Exception {
    var wrong = post("/v1/events", "application/x-ndjson", "\r\n\n{}");
    assertThat(problem(wrong).get("detail").asText()).startsWith("line 3, column 1: ");
    var broken =
        send(
            request("/v1/events")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(new byte[] {'\n', (byte) 0xC3})));
    assertThat(problem(broken).get("detail").asText()).isEqualTo("line 2: not UTF-8");
  }

  @Test
  void shouldRefuseMalformedRequestsWithAProblem() throws Exception {
    for (var request :
        List.of(
            "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET /../x HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
            "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n")) {
      var answer =
          raw(port.port(), request.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n"));
      assertThat(answer)
          .as(request.substring(0, 12))
          .startsWith("HTTP/1.1 4")
          .contains("application/problem+json", "nosniff", "\"status\":4")
          .doesNotContain("<html", "Jetty", "ISO-8859");
    }
  }

  @Test
  void shouldRefuseUnknownPathsAndMethods() throws Exception {
    assertThat(send(request("/v1/nothing")).statusCode()).isEqualTo(404);
    assertThat(send(request("/v1/overview").DELETE()).statusCode()).isEqualTo(405);
  }

  @Test
  void shouldRefuseAForeignHostNameThatResolvesHere() throws Exception {
    for (var path : List.of("/info", "/metrics")) {
      var answer = raw(port.port(), "GET " + path + " HTTP/1.0\r\nHost: evil.example.com\r\n\r\n");
      assertThat(answer).as(path).contains(" 403 ").doesNotContain("bootstrap");
      assertThat(raw(port.port(), "GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n"))
          .contains(" 200 ", "Cross-Origin-Resource-Policy: same-origin");
    }
  }

  @Test
  void shouldReadMetricsOnceASecondForAllReaders() {
    var clock = new AtomicLong();
    try (var read = new WorkerMetrics()) {
      var endpoint = new MetricsEndpoint(read, clock::get);
      var first = endpoint.scraped(ExpositionFormat.TEXT);
      assertThat(endpoint.scraped(ExpositionFormat.TEXT)).isSameAs(first);
      clock.set(1_000_000_000);
      assertThat(endpoint.scraped(ExpositionFormat.TEXT)).isNotSameAs(first);
    }
  }

  @Test
  void shouldLimitTheNumberOfConnections() throws Exception {
    // No open connection is released meanwhile, however busy the machine is.
    var config = config(Map.of("http.connections.max", "8", "http.idle.timeout.ms", "240000"));
    try (var other = Api.of(config, ApiObserver.NONE);
        var small = port(config, other)) {
      var open = new ArrayList<Socket>();
      try {
        for (int i = 0; i < 20; i++) {
          var socket = new Socket("127.0.0.1", small.port());
          socket.setSoTimeout(30_000);
          socket.getOutputStream().write("GET / HT".getBytes(UTF_8));
          open.add(socket);
        }
        // A closed connection reports its end; an open one sends nothing.
        Awaitility.await().until(() -> open.stream().filter(HttpAbuseTest::isClosed).count() == 16);
      } finally {
        for (var socket : open) {
          socket.close();
        }
      }
      Awaitility.await()
          .ignoreExceptions()
          .until(
              () ->
                  raw(small.port(), "GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n")
                      .contains(" 200 "));
    }
  }

  private static boolean isClosed(Socket socket) {
    try {
      socket.setSoTimeout(20);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void shouldCloseConnectionsWithoutHeaderOrHandshake() throws Exception {
    var plain = config(Map.of("http.idle.timeout.ms", "1500"));
    try (var other = Api.of(plain, ApiObserver.NONE);
        var slow = port(plain, other);
        var socket = new Socket("127.0.0.1", slow.port())) {
      // Byte by byte, so that it is never silent.
      var text = "GET / HTTP/1.1\r\nX: " + "x".repeat(5_000);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < text.length(); i++) {
                  socket.getOutputStream().write(text.charAt(i));
                  if (isClosed(socket)) {
                    throw new IOException("closed");
                  }
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  /** The size of the first part, then the pause before each further byte. */
  private static InputStream slowly(AtomicLong clock, int atOnce, int bytes, long seconds) {
    return new InputStream() {
      private int left = atOnce;

      @Override
      public int read() {
        clock.addAndGet(seconds * 1_000_000_000L);
        return 'x';
      }

      @Override
      public int read(byte[] into, int from, int length) {
        if (left > 0) {
          var now = Math.min(length, left);
          left -= now;
          return now;
        }
        var now = Math.min(length, bytes);
        into[from] = (byte) read();
        return now;
      }
    };
  }

  private static void assertRefused(RequestBody requestBody, int status, String why) {
    assertThatThrownBy(requestBody::bytes)
        .isInstanceOfSatisfying(
            HttpResponseException.class,
            e -> {
              assertThat(e.getStatus()).isEqualTo(status);
              assertThat(e).hasMessageContaining(why);
            });
  }

  @Test
  void shouldRefuseABodyThatBecomesTooSlow() {
    var requestMemory = new RequestMemory("tests", 32 << 20);
    for (var atOnce : List.of(0, 8_388_000)) {
      var clock = new AtomicLong();
      var in = slowly(clock, atOnce, 1, 8);
      try (var requestBody =
          new RequestBody(in, 8_388_608, requestMemory.hold("ana"), clock::get)) {
        assertRefused(requestBody, 408, "too slowly");
      }
      assertThat(clock.get()).isEqualTo(16_000_000_000L);
    }
  }

  @Test
  void shouldAcceptASteadyBodyWithinTheTotalTimeOnly() {
    var requestMemory = new RequestMemory("tests", 32 << 20);
    var clock = new AtomicLong();
    var in = slowly(clock, 0, 10_000, 9);
    try (var requestBody = new RequestBody(in, 8_388_608, requestMemory.hold("ana"), clock::get)) {
      assertRefused(requestBody, 408, "longer than 60 s");
    }
    assertThat(clock.get()).isEqualTo(63_000_000_000L);
  }

  private static RequestBody body(byte[] bytes, RequestMemory requestMemory, String caller) {
    return new RequestBody(
        new ByteArrayInputStream(bytes), 4 << 20, requestMemory.hold(caller), () -> 0);
  }

  @Test
  void shouldCountTheListElementsOfABody() {
    var requestMemory = new RequestMemory("tests", 2 << 20);
    try (var one = body(new byte[0], requestMemory, "ana");
        var two = body(new byte[0], requestMemory, "ana")) {
      one.admit(9_000); // 64 bytes each

      assertThatThrownBy(() -> two.admit(8_000)).isInstanceOf(HttpResponseException.class);
    }
    try (var one = body(new byte[0], requestMemory, "ana")) {
      for (int i = 0; i < SizeLimits.ELEMENTS_OF_CALL; i += SizeLimits.ELEMENTS) {
        one.admit(SizeLimits.ELEMENTS);
      }
      assertThatThrownBy(() -> one.admit(1))
          .isInstanceOfSatisfying(
              HttpResponseException.class, e -> assertThat(e.getStatus()).isEqualTo(413))
          .hasMessage(
              "the events have more than 100,000 list elements together; send fewer events at"
                  + " once");
    }
  }

  @Test
  void shouldRefuseAnEventOfTooManyListElements() throws Exception {
    var event =
        "{\"eventId\":\"e\",\"productId\":\"p\",\"occurredAt\":\"2026-01-05T09:00:00Z\","
            + "\"actor\":\"a\",\"type\":\"ProductUpdated\",\"data\":{\"domains\":[\"d\""
            + ",\"d\"".repeat(SizeLimits.ELEMENTS)
            + "]}}";
    for (var path : List.of("/v1/preview", "/v1/events")) {
      var answer = post(path, "application/json", event);
      assertThat(answer.statusCode()).as(path).isEqualTo(413);
      assertThat(new String(answer.body(), UTF_8))
          .as(path)
          .contains("more than 20,000 list elements");
      problem(answer);
    }
    var lines = post("/v1/events", "application/x-ndjson", "\n" + event);
    assertThat(lines.statusCode()).isEqualTo(413);
    assertThat(new String(lines.body(), UTF_8)).contains("line 2, ");
  }

  @Test
  void shouldGiveOneCallerHalfOfTheMemoryAndTheNextHalfOfTheRest() {
    var requestMemory = new RequestMemory("tests", 2 << 20);
    var bytes = new byte[700 * 1024];
    try (var one = body(bytes, requestMemory, "ana");
        var two = body(bytes, requestMemory, "ana");
        var others = body(new byte[600 * 1024], requestMemory, "ben");
        var more = body(bytes, requestMemory, "ben");
        var third = body(new byte[300 * 1024], requestMemory, "eve");
        var fourth = body(bytes, requestMemory, "dora")) {
      assertThat(one.bytes()).hasSize(bytes.length);
      assertRefused(two, 503, "ana uses its whole share");
      two.close();
      assertThat(others.bytes()).hasSize(600 * 1024);
      assertRefused(more, 503, "ben uses its whole share");
      more.close();
      assertThat(third.bytes()).hasSize(300 * 1024);
      assertRefused(fourth, 503, "dora uses its whole share");
    }
    try (var again = body(bytes, requestMemory, "ana")) {
      assertThat(again.bytes()).hasSize(bytes.length);
    }
    // An answer larger than a share counts as one, else it could never be sent.
    try (var large = body(new byte[4 << 20], requestMemory, "ana");
        var others = body(new byte[500 * 1024], requestMemory, "ben")) {
      assertThat(large.bytes()).hasSize(4 << 20);
      assertThat(others.bytes()).hasSize(500 * 1024);
    }
  }

  @Test
  void shouldRefuseAQueryThatIsNotPercentEncoded() throws Exception {
    for (var query : List.of("id=%ff", "id=%zz", "id=%", "id=%c3", "x=1&id=%4")) {
      var answer =
          raw(
              port.port(),
              "GET /v1/products/~?%s HTTP/1.0\r\nAuthorization: Bearer %s\r\n\r\n"
                  .formatted(query, token.token()));
      assertThat(answer).as(query).contains(" 400 ", "the query is not percent-encoded");
    }
    for (var query : List.of("id=%C3%a9", "id=a+b%25", "", "id=é")) {
      assertThat(QueryString.isEncoded(query)).as(query).isTrue();
    }
  }

  @Test
  void shouldNameTheMalformedNumber() throws Exception {
    var call = request("/internal/v1/parts/users/0/standings").header("Sluice-Timeout-Ms", "abc");
    var answer = send(call.POST(BodyPublishers.ofString("[]")));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(problem(answer).get("detail").asText())
        .startsWith("Sluice-Timeout-Ms must be a whole number");
    var part = post("/internal/v1/parts/users/abc/standings", "x", "[]");
    assertThat(problem(part).get("detail").asText()).startsWith("the partition must be");
  }

  @Test
  void shouldRefuseACallOfAWorkerOfAnotherVersion() throws Exception {
    var next = Integer.toString(CallVersion.CURRENT + 1);
    for (var version : List.of("0", next, "", "1.0", "x".repeat(1_000))) {
      var call =
          request("/internal/v1/parts/users/3/sweeps").setHeader(CallVersion.HEADER, version);
      var answer = send(call.POST(BodyPublishers.ofString("{}")));

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("1");
      assertThat(answer.headers().firstValue(CallVersion.HEADER))
          .contains(Integer.toString(CallVersion.CURRENT));
      var problem = problem(answer);
      assertThat(problem.get("part").asText()).isEqualTo("users-3");
      assertThat(problem.get("detail").asText())
          .contains(
              "is a worker of another version",
              "version " + version.substring(0, Math.min(10, version.length())) + " of the calls",
              "this worker version " + CallVersion.CURRENT,
              "try again when all workers run one version")
          .hasSizeLessThan(500);
    }
    // A worker older than the versions sends none.
    var call =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:" + port.port() + "/internal/v1/parts/products/0/lines"))
            .header("Authorization", "Bearer " + token.token())
            .POST(BodyPublishers.ofString("[\"\",1,1000]"));
    var answer = send(call);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(problem(answer).get("detail").asText()).contains("an older version than 1");
  }

  @Test
  void shouldNameTheFaultOfAKeystore() throws Exception {
    for (var content : List.of("", "garbage", "0\u0001\u0002")) {
      var file = Files.writeString(folder.resolve("keystore"), content);
      var config =
          SluiceConfig.of(
              Map.of("http.tls.keystore", file.toString(), "http.tls.keystore.password", "x"));
      assertThatThrownBy(() -> HttpPort.checkTls(config))
          .hasMessageContaining("it is not a PKCS12 keystore, or it is truncated")
          .hasMessageNotContaining("null");
    }
  }

  @Test
  void shouldHideInternalNames() throws Exception {
    for (var body : List.of("[[null]]", "[{}]", "{\"a\":[}", "[1", "{}{}", "nul")) {
      for (var path : List.of("/v1/preview", "/v1/events", "/internal/v1/parts/users/0/givings")) {
        assertThat(new String(post(path, "application/json", body).body(), UTF_8))
            .doesNotContain("com.fasterxml", "java.", "Feature");
      }
    }
  }
}
