package dev.sluice.app;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.suspended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.app.WorkerApp.Extent;
import dev.sluice.cli.SluiceCommand;
import dev.sluice.client.EventPublisher;
import dev.sluice.config.HttpKeys;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.operator.OperatorException;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.product.stage.TaskStatistics;
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.TestCluster;
import dev.sluice.topology.Observers;
import dev.sluice.worker.Worker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real worker with all its parts, seen over real HTTP. */
class WorkerAppIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static HttpClient client;

  @BeforeAll
  static void start() {
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
  }

  private static HttpResponse<String> get(int port, String path) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitReady(int port, int status) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              var ready = get(port, "/health/ready");
              assertThat(ready.statusCode()).as(ready.body()).isEqualTo(status);
            });
  }

  private static JsonNode part(int port, String name) throws IOException {
    for (var part : JSON.readTree(get(port, "/health/ready").body()).get("parts")) {
      if (part.get("part").asText().equals(name)) {
        return part;
      }
    }
    throw new AssertionError("no part " + name);
  }

  private static SluiceConfig config(String registryUrl, int port) {
    return SluiceConfig.of(
        Map.of(
            "bootstrap.servers", CLUSTER.bootstrapServers(),
            "schema.registry.url", registryUrl,
            "application.id", "watched",
            "topic.prefix", "watched.",
            "topic.partitions", "2",
            "access.partitions", "2",
            "http.port", Integer.toString(port),
            "health.lag.records.max", "0",
            "data.dir", CLUSTER.folder().resolve("data").toString()));
  }

  @Test
  void shouldTellOverHttpHowAWorkerIs() throws Exception {
    var schemas = CLUSTER.folder().resolve("schemas.json");
    String registryUrl;
    SluiceConfig config;
    try (var registry = RegistryServer.start(0, schemas)) {
      registryUrl = registry.url();
      config = config(registryUrl, FreePorts.next());
      try (var publisher = new EventPublisher(config)) {
        work(config, publisher);
        publisher.send(approved("p1", "r2", "ben"));
        publisher.flush();
      }
    }
    lagBehindAndCatchUp(config, URI.create(registryUrl).getPort(), schemas);
    assertThat(SluiceCommand.execute("health", "-o", "http.port=1")).isEqualTo(1);
    assertThat(SluiceCommand.execute("health", "-o", "http.port=0")).isEqualTo(2);
  }

  private static void work(SluiceConfig config, EventPublisher publisher) {
    var port = config.get(HttpKeys.PORT);
    try (var app =
        WorkerApp.start(
            config,
            Extent.FULL,
            List.of(),
            observers -> {
              var ready = get(port, "/health/ready");
              assertThat(ready.statusCode()).as("before the worker starts").isEqualTo(503);
              assertThat(ready.body()).contains("the worker is starting");
              return Worker.start(config, observers);
            })) {
      assertThat(app.port()).isEqualTo(port);
      awaitReady(port, 200);
      assertThat(SluiceCommand.execute("health", "-o", "http.port=" + port)).isZero();
      publisher.send(published("p1", "s1"));
      publisher.send(approved("p1", "r1", "ana"));
      publisher.send(suspended("p1"));
      publisher.flush();
      await().atMost(TIMEOUT).untilAsserted(() -> assertMetrics(port));
    }
  }

  private static void assertMetrics(int port) {
    assertThat(get(port, "/metrics").body())
        .contains("sluice_commands_total{action=\"revoke\"")
        .contains("sluice_products{state=\"suspended\"} 1.0")
        .contains("sluice_memberships 1.0")
        .contains("sluice_worker_state{state=\"running\"} 1.0")
        .contains("sluice_tasks{kind=\"active\"} 6.0")
        .contains("sluice_command_latency_seconds_count 2")
        .contains("sluice_input_lag_records{input=\"events\"} 0.0")
        .containsPattern("sluice_transactions_total.outcome=\"committed\". [1-9]")
        .contains("kafka_stream_thread_poll_ratio")
        .contains("kafka_producer_record_send_total")
        .contains("kafka_consumer_coordinator_last_heartbeat_seconds_ago")
        .contains("jvm_memory_used_bytes")
        .contains("process_uptime_seconds")
        .doesNotContainPattern("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-");
  }

  /** Without the registry a worker that has just started cannot read what came meanwhile. */
  private static void lagBehindAndCatchUp(SluiceConfig config, int registryPort, Path schemas)
      throws IOException, InterruptedException {
    try (var app = WorkerApp.start(config, List.of())) {
      var port = app.port();
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> assertThat(part(port, "lag").get("says").asText()).startsWith("1 record"));
      assertThat(part(port, "lag").get("ok").asBoolean()).isFalse();
      awaitReady(port, 503);
      assertThat(SluiceCommand.execute("health", "-o", "http.port=" + port)).isEqualTo(1);
      assertThat(SluiceCommand.execute("health", "--live", "-o", "http.port=" + port)).isZero();
      awaitMetric(port, "sluice_input_lag_records{input=\"events\"} 1.0");
      awaitMetric(port, "sluice_products{state=\"suspended\"} 1.0");
      try (var registry = RegistryServer.start(registryPort, schemas)) {
        awaitReady(port, 200);
        assertThat(registry.url()).isNotEmpty();
        awaitMetric(port, "sluice_memberships 2.0");
      }
    }
  }

  /** The port answers while the worker commits and leaves; the live views do not hold it open. */
  @Test
  void shouldCloseInTheReverseOfTheStart() throws Exception {
    var seen = new ConcurrentLinkedQueue<String>();
    var port = FreePorts.next();
    var config =
        SluiceConfig.of(
            Map.of(
                "bootstrap.servers", CLUSTER.bootstrapServers(),
                "schema.registry.url", "mock://order",
                "application.id", "order",
                "topic.prefix", "order.",
                "topic.partitions", "1",
                "access.partitions", "1",
                "threads", "1",
                "http.port", Integer.toString(port),
                "data.dir", CLUSTER.folder().resolve("order").toString()));
    var onClose =
        new EventObserver() {
          @Override
          public void decided(String type, String outcome) {}

          @Override
          public void closed(int partition, TaskStatistics statistics) {
            var answer = get(port, "/info");
            seen.add("the port answers " + answer.statusCode() + " while the worker closes");
          }
        };
    var watching = HttpClient.newHttpClient();
    var app = WorkerApp.start(config, List.of(onClose));
    try {
      assertThat(app.order())
          .containsExactly(
              WorkerApp.METRICS,
              WorkerApp.WATCH,
              WorkerApp.API,
              WorkerApp.PORT,
              WorkerApp.LIVE,
              WorkerApp.WORKER);
      awaitReady(port, 200);
      var live =
          watching.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/live")).build(),
              BodyHandlers.ofLines());
      assertThat(live.statusCode()).isEqualTo(200);
      var lines = live.body().iterator();
      assertThat(lines.next()).isNotNull();

      app.close();

      assertThat(seen).containsOnly("the port answers 200 while the worker closes").isNotEmpty();
      assertThat(app.worker().streams().state()).isEqualTo(State.NOT_RUNNING);
      assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
          .isInstanceOf(ConnectException.class);
    } finally {
      app.close();
      watching.shutdownNow();
    }
  }

  @Test
  void shouldCloseWhatWasStartedWhereTheWorkerCannotStart() {
    var port = FreePorts.next();
    var config = config("mock://none", port);
    var why = new OperatorException("as things are");

    assertThatThrownBy(
            () ->
                WorkerApp.start(
                    config,
                    Extent.FULL,
                    List.of(),
                    observers -> {
                      assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
                      throw why;
                    }))
        .isSameAs(why)
        .hasNoSuppressedExceptions();

    assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void shouldStartNoWorkerWhereThePortIsTaken() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      var config = config("mock://none", taken.getLocalPort());

      assertThatThrownBy(
              () ->
                  WorkerApp.start(
                      config,
                      Extent.FULL,
                      List.of(),
                      observers -> {
                        throw new AssertionError("started");
                      }))
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageContaining("cannot listen on port");
    }
  }

  /** Measurements start an app that serves nothing; a bare one counts nothing either. */
  @Test
  void shouldStartNoMoreThanIsAskedFor() {
    var config = config("mock://none", FreePorts.next());
    var told = new ArrayList<Observers>();

    for (var extent : List.of(Extent.BARE, Extent.METRICS)) {
      assertThatThrownBy(
              () ->
                  WorkerApp.start(
                      config,
                      extent,
                      List.of(),
                      observers -> {
                        told.add(observers);
                        throw new OperatorException(extent.name());
                      }))
          .hasMessage(extent.name());
    }

    assertThat(told.getFirst().events()).isEmpty();
    assertThat(told.getFirst().access()).isEmpty();
    assertThat(told.getLast().events()).hasSize(1);
    assertThat(told.getLast().access()).hasSize(1);
  }

  /** One text of all metrics serves for a second. */
  private static void awaitMetric(int port, String line) {
    await(line)
        .atMost(TIMEOUT)
        .untilAsserted(() -> assertThat(get(port, "/metrics").body()).contains(line));
  }
}
