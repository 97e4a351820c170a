package dev.sluice.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.auth.Role;
import dev.sluice.auth.TokenFile;
import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.limits.SizeLimits;
import dev.sluice.query.shard.CallVersion;
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.WorkerProcess;
import dev.sluice.testing.Workers;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker with 256 MB of heap, and callers who want to end it, beside others who ask as everybody
 * does. It must live, and say clearly what it refuses. How long things take is printed and not
 * judged.
 */
@TestMethodOrder(OrderAnnotation.class)
@Tag("heavy")
class ApiAbuseIT {
  private static final int FUZZ = Integer.getInteger("api.fuzz", 300);
  private static final long SEED = Long.getLong("api.fuzz.seed", 7);
  private static final int AT_ONCE = 16;

  /** Products with many list elements, and the elements of one that is refused. */
  private static final int MANY = 6;

  private static final int MANY_REFUSED = 250_000;

  /** How often each of three readers asks for such a product. */
  private static final int ASKED = 200;

  /** All that a caller may be told. */
  private static final Set<Integer> CLEAR =
      Set.of(
          200, 202, 204, 304, 400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 417, 421, 426, 429,
          431, 501, 503, 505);

  @TempDir private static Path folder;
  private static EmbeddedKafka kafka;
  private static RegistryServer registry;
  private static WorkerProcess worker;
  private static TokenFile.Made reader;
  private static TokenFile.Made publisher;
  private static TokenFile.Made other;
  private static TokenFile.Made second;
  private static int port;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private static final Map<Integer, AtomicInteger> STATUSES = new ConcurrentHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.temporary());
    registry = RegistryServer.start(0, null);
    reader = TokenFile.make("reader", Set.of(Role.READ), null);
    publisher = TokenFile.make("publisher", Set.of(Role.PUBLISH), null);
    other = TokenFile.make("other", Set.of(Role.READ), null);
    second = TokenFile.make("second", Set.of(Role.READ), null);
    var tokens =
        Files.write(
            folder.resolve("tokens"),
            List.of(reader.line(), publisher.line(), other.line(), second.line()));
    port = FreePorts.next();
    var settings = new HashMap<String, String>();
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("schema.registry.url", registry.url());
    settings.put("application.id", "abuse");
    settings.put("topic.partitions", "2");
    settings.put("access.partitions", "2");
    settings.put("data.dir", folder.resolve("data").toString());
    settings.put("http.port", Integer.toString(port));
    settings.put("http.host", "127.0.0.1");
    settings.put("http.auth.file", tokens.toString());
    settings.put("http.rate.per.second", "500");
    settings.put("http.idle.timeout.ms", "10000");
    settings.put("http.query.timeout.ms", "10000");
    var arguments = new ArrayList<>(List.of("run"));
    settings.forEach((key, value) -> arguments.addAll(List.of("-o", key + "=" + value)));
    worker =
        WorkerProcess.start(
            folder.resolve("log.txt"),
            Path.of("src/main/resources/logback.xml"),
            Map.of("JAVA_TOOL_OPTIONS", "-Xmx256m -XX:+ExitOnOutOfMemoryError"),
            arguments);
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .ignoreExceptions()
        .until(() -> get(reader, "/v1/overview").status() == 200);
    fill();
  }

  @AfterAll
  static void stop() {
    CLIENT.shutdownNow();
    if (worker != null) {
      worker.close();
    }
    registry.close();
    kafka.close();
  }

  /** One user with many requests of a product with many sources, and large products. */
  private static void fill() throws Exception {
    var many = new String[50];
    Arrays.setAll(many, i -> "source" + i);
    var events = new ArrayList<ProductEvent>();
    events.add(Events.published("amp", many));
    for (int i = 0; i < 3_000; i++) {
      events.add(Events.approved("amp", "ar" + i, "eve"));
    }
    publish(events);
    for (int i = 0; i < 40; i += 4) {
      var large = new ArrayList<ProductEvent>();
      for (int j = i; j < i + 4; j++) {
        large.add(
            Events.event(
                "large" + j,
                "large" + j,
                new Payload.ProductPublished(
                    "Large",
                    "x".repeat(900_000),
                    List.of(),
                    Events.sources("s" + j),
                    null,
                    List.of(),
                    null)));
      }
      publish(large);
    }
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .ignoreExceptions()
        .until(
            () -> {
              var all = get(reader, "/v1/overview").text();
              return all.contains("\"APPROVED\":3000") && all.contains("\"ACTIVE\":41");
            });
  }

  private static void publish(List<ProductEvent> events) throws Exception {
    var body = events.stream().map(EventText::of).collect(Collectors.joining("\n"));
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .until(
            () ->
                send(publisher, "POST", "/v1/events", "application/x-ndjson", body.getBytes(UTF_8))
                        .status()
                    == 202);
  }

  private record Said(int status, String text) {}

  private static Said get(TokenFile.Made who, String path) throws Exception {
    return send(who, "GET", path, null, new byte[0]);
  }

  private static Said send(TokenFile.Made who, String method, String path, String type, byte[] body)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + who.token())
            .header(CallVersion.HEADER, Integer.toString(CallVersion.CURRENT))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (type != null) {
      request.header("Content-Type", type);
    }
    var answer = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    return new Said(answer.statusCode(), new String(answer.body(), UTF_8));
  }

  /** Several at once; a connection that is closed on who sends too much is an answer too. */
  private static void all(String what, int count, Callable<Said> attack) throws Exception {
    var seen = new TreeMap<String, Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = threads.invokeAll(Collections.nCopies(count, attack));
      for (var each : running) {
        try {
          var status = each.get().status();
          assertThat(CLEAR).as("%s: %s", what, each.get().text()).contains(status);
          STATUSES.computeIfAbsent(status, s -> new AtomicInteger()).incrementAndGet();
          seen.merge(Integer.toString(status), 1, Integer::sum);
        } catch (java.util.concurrent.ExecutionException e) {
          assertThat(e.getCause()).as(what).isInstanceOf(IOException.class);
          seen.merge("closed", 1, Integer::sum);
        }
      }
    }
    System.out.printf("%-50s %s%n", what, seen);
    assertThat(worker.isAlive()).as(what).isTrue();
  }

  private static byte[] pieces(String before, int bytes, String after) {
    return (before + "{},".repeat(bytes / 3) + "{}" + after).getBytes(UTF_8);
  }

  @Test
  @Order(1)
  void shouldSurviveArbitraryRequests() throws Exception {
    var before = Collections.synchronizedList(new ArrayList<Double>());
    for (int i = 0; i < 100; i++) {
      ordinary(before);
    }
    var during = Collections.synchronizedList(new ArrayList<Double>());
    var stopped = new java.util.concurrent.atomic.AtomicBoolean();
    var normal =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!stopped.get()) {
                    ordinary(during);
                  }
                });
    var heap = new Heap();
    var watching =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!stopped.get()) {
                    heap.look();
                  }
                });
    try {
      attack();
    } finally {
      stopped.set(true);
      normal.join();
      watching.join();
    }
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .ignoreExceptions()
        .until(() -> get(other, "/v1/products/amp").status() == 200);
    assertThat(worker.isAlive()).isTrue();
    System.out.printf("statuses            %s%n", new TreeMap<>(STATUSES));
    System.out.printf("ordinary before     %s%n", figures(before));
    System.out.printf("ordinary meanwhile  %s%n", figures(during));
    System.out.printf("memory              %s%n", memory());
    System.out.printf("heap                %s%n", heap);
    assertThat(STATUSES.keySet()).contains(413, 400);
    assertThat(during).as("others were answered meanwhile").isNotEmpty();
    publish(List.of(Events.revoked("amp", "ar1", "eve")));
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .until(() -> get(other, "/v1/requests/ar1").text().contains("REVOKED"));
  }

  /** The heap, as the worker's own metrics tell it. */
  private static final class Heap {
    private double most;
    private double max;
    private int looks;

    void look() {
      try {
        var text =
            CLIENT
                .send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                    BodyHandlers.ofString())
                .body();
        most = Math.max(most, sum(text, "jvm_memory_used_bytes{area=\"heap\""));
        max = sum(text, "jvm_memory_max_bytes{area=\"heap\"");
        looks++;
        TimeUnit.MILLISECONDS.sleep(500);
      } catch (IOException e) {
        // The next look may succeed.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static double sum(String text, String name) {
      return text.lines()
          .filter(line -> line.startsWith(name))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .filter(value -> value > 0)
          .sum();
    }

    @Override
    public String toString() {
      return "at most %.0f MB used of %.0f MB, seen %d times"
          .formatted(most / (1 << 20), max / (1 << 20), looks);
    }
  }

  private static boolean isAlive(String from) {
    try (var socket = new Socket()) {
      socket.bind(new java.net.InetSocketAddress(from, 0));
      socket.connect(new java.net.InetSocketAddress("127.0.0.1", port), 10_000);
      socket.setSoTimeout(30_000);
      write(socket, "GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n");
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1)
          .startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }

  /** One reader asks what is much work, as often as it can. */
  private static void places() throws Exception {
    var stopped = new java.util.concurrent.atomic.AtomicBoolean();
    var refused = new AtomicInteger();
    var answered = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < AT_ONCE * 3; i++) {
        threads.submit(
            () -> {
              while (!stopped.get()) {
                try {
                  var status = get(reader, "/v1/explain?user=eve&source=source1").status();
                  assertThat(CLEAR).contains(status);
                  (status == 200 ? answered : refused).incrementAndGet();
                } catch (IOException e) {
                  // It comes again.
                }
              }
              return null;
            });
      }
      try {
        Awaitility.await().atMost(Workers.TIMEOUT).until(() -> refused.get() > 0);
        for (int i = 0; i < AT_ONCE; i++) {
          assertThat(isAlive("127.0.0.1")).as("alive while a reader asks much").isTrue();
          assertThat(get(other, "/v1/products/amp").status()).as("another reader").isEqualTo(200);
        }
      } finally {
        stopped.set(true);
      }
    }
    System.out.printf(
        "%-50s %s answered, %s refused%n", "one reader with much work", answered, refused);
  }

  /** Connections of two addresses that do nothing. */
  private static void idle() throws Exception {
    var open = new ArrayList<Socket>();
    for (var from : List.of("127.0.0.1", "127.0.0.2")) {
      for (int i = 0; i < 400; i++) {
        try {
          var socket = new Socket();
          socket.bind(new java.net.InetSocketAddress(from, 0));
          socket.connect(new java.net.InetSocketAddress("127.0.0.1", port), 10_000);
          open.add(socket);
        } catch (IOException e) {
          // It is closed already.
        }
      }
    }
    assertThat(isAlive("127.0.0.3")).as("a probe beside idle connections").isTrue();
    assertThat(isAlive("127.0.0.1")).as("a probe of the same address").isTrue();
    System.out.printf("%-50s %d opened, the probe is answered%n", "idle connections", open.size());
    close(open);
  }

  /** Bodies of two callers that stop half way. */
  private static void silent() throws Exception {
    var open = new ArrayList<Socket>();
    for (var who : List.of(reader, second)) {
      for (int i = 0; i < 8; i++) {
        var socket = new Socket("127.0.0.1", port);
        open.add(socket);
        write(
            socket,
            "POST /v1/preview HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer %s\r\nContent-Length: 1000000\r\n\r\n"
                    .formatted(who.token())
                + " ".repeat(900_000));
      }
    }
    var event = EventText.of(Events.revoked("amp", "ar1", "eve"));
    var status =
        send(other, "POST", "/v1/preview", "application/json", event.getBytes(UTF_8)).status();
    assertThat(status).as("a third caller's body beside silent ones").isEqualTo(200);
    System.out.printf("%-50s a third caller is answered %d%n", "silent bodies of two", status);
    close(open);
  }

  private static void attack() throws Exception {
    places();
    silent();
    idle();
    all(
        "preview of 8 MB of small pieces",
        AT_ONCE,
        () ->
            send(
                reader,
                "POST",
                "/v1/preview",
                "application/json",
                pieces("{\"data\":[", 8_000_000, "]}")));
    all(
        "preview of 1 MB of small pieces",
        AT_ONCE,
        () ->
            send(
                reader,
                "POST",
                "/v1/preview",
                "application/json",
                pieces("{\"data\":[", 1_000_000, "]}")));
    var lines = new String(pieces("{\"data\":[", 1_000_000, "]}"), UTF_8);
    all(
        "events of 8 MB of small pieces",
        AT_ONCE / 2,
        () ->
            send(
                publisher,
                "POST",
                "/v1/events",
                "application/x-ndjson",
                String.join("\n", Collections.nCopies(8, lines)).getBytes(UTF_8)));
    all(
        "arguments of other workers",
        AT_ONCE,
        () ->
            send(
                reader,
                "POST",
                "/internal/v1/parts/users/0/preview",
                "application/json",
                pieces("{\"updates\":[", 3_000_000, "]}")));
    all(
        "all lines of a partition",
        AT_ONCE * 4,
        () ->
            send(
                reader,
                "POST",
                "/internal/v1/parts/products/0/lines",
                "application/json",
                "{\"after\":\"\",\"max\":2147483647,\"room\":2147483647}".getBytes(UTF_8)));
    for (var path :
        List.of(
            "/v1/users/eve/access?limit=1000",
            "/v1/products?limit=1000",
            "/v1/overview",
            "/v1/explain?user=eve&source=source1",
            "/v1/products/large1",
            "/v1/products/amp/requests?limit=1000",
            "/metrics")) {
      all(path, AT_ONCE * 2, () -> get(reader, path));
    }
    unread();
    connections();
  }

  /** A caller that asks for large answers and reads none. */
  private static void unread() throws Exception {
    var open = new ArrayList<Socket>();
    for (int i = 0; i < 150; i++) {
      var socket = new Socket();
      socket.setReceiveBufferSize(1024);
      socket.connect(new java.net.InetSocketAddress("127.0.0.1", port), 10_000);
      open.add(socket);
      write(
          socket,
          "GET /v1/products/large%d HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(i % 40, reader.token()));
    }
    all("asked beside 150 who do not read", AT_ONCE, () -> get(other, "/v1/products/large1"));
    close(open);
  }

  /** A caller that opens connections and never completes a header. */
  private static void connections() throws Exception {
    var open = new ArrayList<Socket>();
    var refused = 0;
    for (int i = 0; i < 1_500; i++) {
      try {
        var socket = new Socket();
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", port), 10_000);
        open.add(socket);
        write(socket, "GET / HTTP/1.1\r\nX: " + "x".repeat(7_000));
      } catch (IOException e) {
        refused++;
      }
    }
    System.out.printf("%-50s %d opened, %d refused%n", "connections", open.size(), refused);
    assertThat(worker.isAlive()).isTrue();
    close(open);
  }

  private static void write(Socket socket, String text) {
    try {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      // It was closed, which it may be.
    }
  }

  private static void close(List<Socket> open) throws IOException {
    for (var socket : open) {
      socket.close();
    }
  }

  private static void ordinary(List<Double> took) {
    var began = System.nanoTime();
    try {
      if (get(other, "/v1/products/amp").status() == 200) {
        took.add((System.nanoTime() - began) / 1e6);
      }
    } catch (Exception e) {
      // It comes again.
    }
  }

  private static String figures(List<Double> of) {
    var sorted = of.stream().sorted().toList();
    return "%d answered, p50 %.0f ms, p99 %.0f ms, at most %.0f ms"
        .formatted(
            sorted.size(),
            sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2),
            sorted.isEmpty() ? 0 : sorted.get((int) (sorted.size() * 0.99)),
            sorted.isEmpty() ? 0 : sorted.getLast());
  }

  private static String memory() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + worker.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM") || line.startsWith("VmRSS"))
        .map(line -> line.replaceAll("\\s+", " "))
        .collect(Collectors.joining(", "));
  }

  /** Anything at all; a fault of the worker's own is 500, and there must be none. */
  @Test
  @Order(2)
  void shouldAnswerArbitraryRequestsClearly() throws Exception {
    System.out.printf("fuzz: %d requests, seed %d%n", FUZZ, SEED);
    var random = new Random(SEED);
    var seen = new TreeMap<String, Integer>();
    for (int i = 0; i < FUZZ; i++) {
      var request = request(random);
      var status = raw(request);
      seen.merge(status, 1, Integer::sum);
      assertThat(status.equals("closed") || CLEAR.contains(Integer.parseInt(status)))
          .as("request %d of seed %d is answered %s: %s", i, SEED, status, request)
          .isTrue();
      assertThat(worker.isAlive()).as("after request %d of seed %d", i, SEED).isTrue();
    }
    System.out.printf("fuzz: %s%n", seen);
    assertThat(get(other, "/v1/products/amp").status()).isEqualTo(200);
  }

  /**
   * Products with as many list elements as an event may carry, their readers, and probes. An
   * element takes many times its own text in the heap, so a limit on bytes alone does not bound the
   * memory of a product.
   */
  @Test
  @Order(3)
  void shouldAnswerProbesBesideProductsOfManyElements() throws Exception {
    var refused = manyElements("many", MANY_REFUSED);
    all("an event of too many elements", AT_ONCE, () -> post(refused));
    assertThat(post(refused).status()).as("an event of too many elements").isEqualTo(413);
    for (int i = 0; i < MANY; i++) {
      publish(List.of(manyElements("many" + i, SizeLimits.ELEMENTS)));
    }
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .ignoreExceptions()
        .until(() -> get(other, "/v1/products/many" + (MANY - 1)).status() == 200);
    var idle = probes(() -> TimeUnit.SECONDS.sleep(3));
    var busy = probes(() -> readMany(refused));
    System.out.printf("live, idle          %s%n", figures(idle));
    System.out.printf("live, meanwhile     %s%n", figures(busy));
    assertThat(worker.isAlive()).isTrue();
    assertThat(get(other, "/v1/products/amp").status()).isEqualTo(200);
  }

  /** Reads the products and their list, and posts an event too large, all at once. */
  private static void readMany(ProductEvent refused) throws Exception {
    var answers = new ConcurrentHashMap<Integer, AtomicInteger>();
    var random = new Random(SEED);
    var calls = new ArrayList<Callable<Said>>();
    for (int i = 0; i < ASKED; i++) {
      var path = "/v1/products/many" + i % MANY;
      for (var who : List.of(reader, second, other)) {
        calls.add(() -> get(who, path));
      }
      calls.add(() -> get(reader, "/v1/products?limit=1000"));
      if (i % 4 == 0) {
        calls.add(() -> post(refused));
      }
    }
    Collections.shuffle(calls, random);
    try (var threads = Executors.newFixedThreadPool(2 * AT_ONCE)) {
      for (var call : threads.invokeAll(calls)) {
        var status = call.get().status();
        assertThat(CLEAR).contains(status);
        answers.computeIfAbsent(status, s -> new AtomicInteger()).incrementAndGet();
      }
    }
    System.out.printf("%-50s %s%n", "readers of many elements", answers);
  }

  private static ProductEvent manyElements(String productId, int count) {
    var published =
        new Payload.ProductPublished(
            "Many", null, Collections.nCopies(count, "d"), List.of(), null, List.of(), null);
    return Events.event(productId, productId, published);
  }

  private static Said post(ProductEvent event) throws Exception {
    var body = EventText.of(event).getBytes(UTF_8);
    return send(publisher, "POST", "/v1/events", "application/json", body);
  }

  /** Work during which something else is measured. */
  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }

  /** Probes the worker while something runs, and returns the times of the answers, in ms. */
  private static List<Double> probes(Work work) throws Exception {
    var took = Collections.synchronizedList(new ArrayList<Double>());
    var stopped = new java.util.concurrent.atomic.AtomicBoolean();
    var probing =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stopped.get()) {
                    var began = System.nanoTime();
                    if (isAlive("127.0.0.1")) {
                      took.add((System.nanoTime() - began) / 1e6);
                    }
                  }
                });
    try {
      work.run();
    } finally {
      stopped.set(true);
      probing.join();
    }
    assertThat(took).as("probes are answered").isNotEmpty();
    return took;
  }

  private static final List<String> METHODS =
      List.of(
          "GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "FOO", "get");
  private static final List<String> PATHS =
      List.of(
          "/v1/products",
          "/v1/products/amp",
          "/v1/products/~",
          "/v1/products/amp/members",
          "/v1/products/amp/requests",
          "/v1/requests/ar1",
          "/v1/users/eve/access",
          "/v1/sources/source1/users",
          "/v1/explain",
          "/v1/overview",
          "/v1/preview",
          "/v1/events",
          "/internal/v1/parts/products/0/lines",
          "/internal/v1/parts/users/0/preview",
          "/internal/v1/parts/users/1/standings",
          "/internal/v1/parts/products/1/givings",
          "/internal/v1/parts/products/0/candidates",
          "/internal/v1/parts/users/9/holders",
          "/internal/v1/parts/products/x/hasApproved",
          "/health",
          "/health/ready",
          "/info",
          "/",
          "/openapi.json",
          "/console/app.js",
          "/nothing",
          "/%zz",
          "//",
          "/..",
          "*",
          "");
  private static final List<String> VALUES =
      List.of(
          "",
          "amp",
          "0",
          "-1",
          "1",
          "2147483648",
          "99999999999999999999",
          "null",
          "%00",
          "%E2%80%A8",
          "~",
          "a%2Fb",
          "%ff",
          "true",
          "1e9",
          "AAAA",
          "x".repeat(3_000));
  private static final List<String> QUERIES =
      List.of("limit", "cursor", "id", "user", "source", "product", "stale", "nobody");
  private static final List<String> HEADERS =
      List.of(
          "Content-Type: application/json",
          "Content-Type: application/x-ndjson",
          "Content-Type: text/plain",
          "Content-Type: application/json; charset=utf-16",
          "Sluice-Timeout-Ms: -9223372036854775808",
          "Sluice-Timeout-Ms: x",
          "X-HTTP-Method-Override: POST",
          "Origin: http://evil.example.com",
          "Expect: 100-continue",
          "If-None-Match: *",
          "Range: bytes=0-1",
          "Accept: application/openmetrics-text",
          "Content-Encoding: gzip",
          "Transfer-Encoding: chunked",
          "Sec-Fetch-Site: cross-site",
          "X-Forwarded-For: 127.0.0.1",
          "Upgrade: websocket",
          "Host: b",
          "Cookie: \u0001");
  private static final List<String> BODIES =
      List.of(
          "",
          "{}",
          "[]",
          "[[]]",
          "[[null]]",
          "[null]",
          "[\"eve\"]",
          "[\"eve\",[\"amp\"]]",
          "[\"eve\",[null]]",
          "[\"amp\",\"eve\",[\"ar1\"]]",
          "[\"\",-1,-1]",
          "[\"\",2147483647,0]",
          "[\"\",1e99,1]",
          "[[\"AAAA\"]]",
          "[\"eve\",\"source1\"]",
          "nul",
          "{\"a\":",
          "\u0000",
          "[".repeat(500),
          "\"" + "x".repeat(5_000) + "\"",
          "{\"type\":\"ProductSuspended\"}",
          "{\"eventId\":\"e\",\"productId\":\"amp\",\"occurredAt\":\"2026-01-05T09:00:00Z\","
              + "\"actor\":\"a\",\"type\":\"AccessRevoked\",\"data\":{\"userId\":\"eve\"}}",
          "{\"eventId\":\"e\",\"productId\":\"amp\",\"occurredAt\":\"-999999999-01-01T00:00:00Z\","
              + "\"actor\":\"a\",\"type\":\"ProductDeleted\",\"data\":{}}");

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static String request(Random random) {
    var method = one(random, METHODS);
    var path = one(random, PATHS);
    var text = new StringBuilder(method).append(' ').append(path);
    for (int i = random.nextInt(3); i > 0; i--) {
      text.append(text.indexOf("?") < 0 ? '?' : '&')
          .append(one(random, QUERIES))
          .append('=')
          .append(one(random, VALUES));
    }
    text.append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")
        .append(CallVersion.HEADER + ": " + CallVersion.CURRENT + "\r\n");
    // Nobody here may publish, lest the state becomes what fuzz makes of it.
    text.append("Authorization: Bearer ")
        .append(random.nextInt(10) == 0 ? "x" : reader.token())
        .append("\r\n");
    for (int i = random.nextInt(3); i > 0; i--) {
      text.append(one(random, HEADERS)).append("\r\n");
    }
    var body = one(random, BODIES);
    if (!body.isEmpty() && random.nextInt(20) != 0) {
      text.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    text.append("\r\n").append(body);
    if (random.nextInt(20) == 0) {
      text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
    }
    return text.toString();
  }

  private static String raw(String request) throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(60));
      write(socket, request);
      socket.shutdownOutput();
      var all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      // A request with Expect: 100-continue gets that answer first.
      var said = all.replaceFirst("^HTTP/1.1 100 [^\\r]*\\r\\n\\r\\n", "");
      var answer = said.substring(0, Math.min(said.length(), 12));
      return answer.matches("HTTP/1.1 \\d{3}") ? answer.substring(9) : "closed";
    } catch (java.net.SocketException e) {
      return "closed";
    }
  }
}
