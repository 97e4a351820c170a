package dev.sluice.it;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.published;
import static dev.sluice.user.UserEvents.deactivated;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.app.DeliveryApp;
import dev.sluice.app.WorkerApp;
import dev.sluice.auth.Role;
import dev.sluice.auth.TokenFile;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessDelivery;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.DeliveryOutcome;
import dev.sluice.avro.ErrorClass;
import dev.sluice.cli.SluiceCommand;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Event;
import dev.sluice.http.OpenApi;
import dev.sluice.query.shard.CallVersion;
import dev.sluice.testing.CommandRunner;
import dev.sluice.testing.DeliveryView;
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Questions about outstanding commands, at workers and at delivery processes. */
class DeliveryApiIT {
  private static final int USERS = 5;
  private static final String LIST = "/v1/deliveries";
  private static final String SUMMARY = "/v1/deliveries/summary";

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static OpenApi description;
  private static String reader;
  private static String publisher;
  private static Path tokens;

  @BeforeAll
  static void prepare() throws Exception {
    try (var file = WorkerApp.class.getResourceAsStream("/dev/sluice/http/openapi.json")) {
      description = new OpenApi(new String(Objects.requireNonNull(file).readAllBytes(), UTF_8));
    }
    var read = TokenFile.make("reader", Set.of(Role.READ), null);
    var publish = TokenFile.make("publisher", Set.of(Role.PUBLISH), null);
    reader = read.token();
    publisher = publish.token();
    tokens =
        Files.writeString(
            CLUSTER.folder().resolve("delivery-tokens"), read.line() + "\n" + publish.line());
  }

  private static SluiceConfig config(
      String id, String dataDir, int port, Map<String, String> more) {
    var settings = new HashMap<String, String>();
    settings.put("schema.registry.url", CLUSTER.registry().url());
    settings.put("topic.partitions", "4");
    settings.put("http.port", Integer.toString(port));
    settings.put("http.host", "127.0.0.1");
    settings.put("http.advertised.address", "127.0.0.1:" + port);
    settings.put("http.auth.file", tokens.toString());
    settings.put("http.rate.per.second", "0");
    settings.put("http.query.timeout.ms", "60000");
    settings.put("delivery.grant.deadline.ms", "1000");
    settings.put("delivery.revoke.deadline.ms", "1000");
    // A busy machine must not take a process for dead.
    settings.put("streams.session.timeout.ms", "120000");
    settings.putAll(more);
    return CLUSTER.config(id, dataDir, settings);
  }

  private static List<Event> memberships() {
    var events = new ArrayList<Event>();
    events.add(published("p1", "orders", "never", "person", "held"));
    for (int u = 0; u < USERS; u++) {
      events.add(approved("p1", "r" + u, "u" + u));
    }
    return events;
  }

  /** Answers as the id of the source says. */
  private static @Nullable AccessResult result(AccessCommand command) {
    var result =
        AccessResult.newBuilder()
            .setUserId(command.getUserId())
            .setSourceType(command.getSourceType())
            .setSourceId(command.getSourceId())
            .setAction(command.getAction())
            .setEpoch(command.getEpoch())
            .setRevision(command.getRevision())
            .setAt(Instant.now())
            .setExecutor("test");
    return switch (command.getSourceId()) {
      case "never" -> null;
      case "person" ->
          result
              .setOutcome(DeliveryOutcome.FAILED)
              .setErrorClass(ErrorClass.NEEDS_PERSON)
              .setMessage("role does not exist")
              .build();
      case "held" -> result.setOutcome(DeliveryOutcome.HELD).build();
      default -> result.setOutcome(DeliveryOutcome.APPLIED).build();
    };
  }

  private static HttpResponse<String> get(int port, String path, @Nullable String token)
      throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    request.header(CallVersion.HEADER, Integer.toString(CallVersion.CURRENT));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** Asks; the answer is held to the description. */
  private static JsonNode ask(int port, String described, String query) throws Exception {
    var answer = get(port, query, reader);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return description.check("get", described, answer);
  }

  private static List<JsonNode> all(int port, String filter) throws Exception {
    var items = new ArrayList<JsonNode>();
    var next = "";
    while (next != null) {
      var page = ask(port, LIST, LIST + "?limit=3" + filter + next);
      page.get("items").forEach(items::add);
      next = page.has("next") ? "&cursor=" + page.get("next").asText() : null;
    }
    return items;
  }

  private static String key(JsonNode item) {
    return String.join(
        "|",
        item.get("userId").asText(),
        item.get("sourceType").asText(),
        item.get("sourceId").asText());
  }

  private static Set<String> keys(List<JsonNode> items) {
    return items.stream().map(DeliveryApiIT::key).collect(Collectors.toCollection(TreeSet::new));
  }

  private static void awaitSummary(int port, int outstanding, int overdue) {
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .untilAsserted(
            () -> {
              var summary = ask(port, SUMMARY, SUMMARY);
              assertThat(summary.get("outstanding").asInt()).isEqualTo(outstanding);
              assertThat(summary.get("overdue").asInt()).isEqualTo(overdue);
              assertThat(summary.get("counting").asBoolean()).isFalse();
            });
  }

  /** Holds the lists of a process to what is published. */
  private static void compare(int port, Map<String, AccessDelivery> published) throws Exception {
    var listed = all(port, "");
    assertThat(listed).hasSameSizeAs(published.keySet());
    for (var item : listed) {
      var same = Objects.requireNonNull(published.get(key(item)), item::toString);
      assertThat(item.get("action").asText()).isEqualTo(same.getAction().name());
      assertThat(item.get("state").asText()).isEqualTo(same.getState().name());
      assertThat(item.get("revision").asLong()).isEqualTo(same.getRevision());
    }
    assertThat(keys(all(port, "&overdue=true"))).isEqualTo(new TreeSet<>(published.keySet()));
    assertThat(keys(all(port, "&state=HELD&state=FAILED")))
        .hasSize(2 * USERS)
        .noneMatch(key -> key.endsWith("|never"));
    assertThat(keys(all(port, "&user=u1&source=held&sourceType=Snowflake")))
        .containsExactly("u1|Snowflake|held");
    assertThat(keys(all(port, "&source=person&overdue=true"))).hasSize(USERS);
  }

  private static JsonNode explain(int port, String user, String source) throws Exception {
    return ask(port, "/v1/explain", "/v1/explain?user=" + user + "&source=" + source);
  }

  @Test
  void shouldAnswerAtTwoDeliveryProcessesAndPassQuestionsOnFromAWorker() throws Exception {
    var id = "delivery-api";
    var first = FreePorts.next();
    var second = FreePorts.next();
    var ofWorker = FreePorts.next();
    var config =
        config(id, "worker", ofWorker, Map.of("delivery.url", "http://127.0.0.1:" + first));
    try (var worker = WorkerApp.start(config, List.of())) {
      worker.worker().awaitRunning(Workers.TIMEOUT);
      var one = DeliveryApp.start(config(id, "one", first, Map.of()));
      try (var two = DeliveryApp.start(config(id, "two", second, Map.of()));
          var runner = new CommandRunner(config, DeliveryApiIT::result)) {
        one.delivery().awaitRunning(Workers.TIMEOUT);
        two.delivery().awaitRunning(Workers.TIMEOUT);
        // Both have partitions, so that each has to ask the other.
        Awaitility.await()
            .atMost(Workers.TIMEOUT)
            .until(
                () ->
                    !one.delivery().inputs().isEmpty()
                        && !two.delivery().inputs().isEmpty()
                        && one.delivery().inputs().size() + two.delivery().inputs().size() == 8);
        Workers.publish(config, memberships());
        awaitSummary(first, 3 * USERS, 3 * USERS);
        runner.failIfEnded();
        var published = DeliveryView.read(config);
        assertThat(published).hasSize(3 * USERS);
        for (var port : List.of(first, second, ofWorker)) {
          awaitSummary(port, 3 * USERS, 3 * USERS);
          compare(port, published);
        }

        shouldSayBesideDecisionsWhatIsOutstanding(ofWorker);
        shouldRefuse(first, ofWorker);
        shouldAnswerOnTheCommandLine(ofWorker);
        shouldWatch(config);
        shouldShowALeaver(config, ofWorker);
      } finally {
        one.close();
      }
      shouldAnswerDecisionsWithoutDelivery(ofWorker);
    }
  }

  private static void shouldSayBesideDecisionsWhatIsOutstanding(int port) throws Exception {
    var person = explain(port, "u1", "person");
    assertThat(person.get("access").asBoolean()).isTrue();
    assertThat(person.at("/delivery/0/outstanding").asBoolean()).isTrue();
    assertThat(person.at("/delivery/0/state").asText()).isEqualTo("FAILED");
    assertThat(person.at("/delivery/0/says").asText())
        .contains("not yet confirmed by Snowflake")
        .endsWith(": \"role does not exist\"");
    var orders = explain(port, "u1", "orders");
    assertThat(orders.at("/delivery/0/outstanding").asBoolean(true)).isFalse();
    var access = ask(port, "/v1/users/{id}/access", "/v1/users/u1/access").get("items");
    assertThat(access).hasSize(4);
    for (var item : access) {
      assertThat(item.at("/delivery/outstanding").asBoolean())
          .isEqualTo(!item.get("sourceId").asText().equals("orders"));
    }
  }

  private static void shouldRefuse(int ofDelivery, int ofWorker) throws Exception {
    for (var port : List.of(ofDelivery, ofWorker)) {
      for (var path : List.of(LIST, SUMMARY)) {
        assertThat(get(port, path, null).statusCode()).isEqualTo(401);
        assertThat(get(port, path, publisher).statusCode()).isEqualTo(403);
      }
      for (var wrong :
          List.of("state=GONE", "action=TAKE", "overdue=yes", "limit=0", "cursor=%25%25")) {
        var answer = get(port, LIST + "?" + wrong, reader);
        description.check("get", LIST, answer);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      }
    }
  }

  private static void shouldShowALeaver(SluiceConfig config, int port) throws Exception {
    Workers.publish(config, deactivated("u0"));
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(all(port, "&user=u0&action=REVOKE&overdue=true"))
                    .extracting(item -> item.get("sourceId").asText())
                    .containsExactlyInAnyOrder("never", "person", "held"));
    var why = explain(port, "u0", "never");
    assertThat(why.get("access").asBoolean()).isFalse();
    assertThat(why.at("/delivery/0/action").asText()).isEqualTo("REVOKE");
    assertThat(why.at("/delivery/0/says").asText()).startsWith("revoked by the decision");
  }

  private static void shouldAnswerDecisionsWithoutDelivery(int port) throws Exception {
    var answer = get(port, LIST, reader);
    description.check("get", LIST, answer);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("delivery.url");
    var why = explain(port, "u1", "person");
    assertThat(why.get("access").asBoolean()).isTrue();
    assertThat(why.at("/delivery/0").has("outstanding")).isFalse();
    assertThat(why.at("/delivery/0/says").asText()).contains("is not known now");
    var access = ask(port, "/v1/users/{id}/access", "/v1/users/u1/access").get("items");
    assertThat(access).hasSize(4).allMatch(item -> !item.at("/delivery").has("outstanding"));
  }

  private static void shouldAnswerOnTheCommandLine(int port) throws Exception {
    assertThat(command(port, "deliveries", "--state", "FAILED", "--user", "u2"))
        .contains("person", "role does not exist", "NEEDS_PERSON")
        .doesNotContain("never", "u1");
    assertThat(command(port, "deliveries", "--overdue", "--output", "json").lines())
        .hasSize(3 * USERS)
        .allMatch(line -> line.contains("\"overdueSince\""));
    assertThat(
            command(
                port,
                "deliveries",
                "--action",
                "GRANT",
                "--source",
                "held",
                "--source-type",
                "Snowflake"))
        .contains("HELD", "u0", "u4");
    assertThat(command(port, "explain", "u1", "person"))
        .contains("not yet confirmed by Snowflake", "role does not exist");
    assertThat(command(port, "access", "u1"))
        .contains("not yet confirmed by Snowflake", "nothing is outstanding");
  }

  /** Results and deliveries as they stand on the topics. */
  private static void shouldWatch(SluiceConfig config) throws Exception {
    assertThat(watch(config, "--results"))
        .contains("person", "FAILED", "NEEDS_PERSON", "role does not exist", "HELD", "APPLIED");
    assertThat(watch(config, "--deliveries", "--output", "json"))
        .contains("\"kind\":\"delivery\"", "\"state\":\"HELD\"", "\"sourceId\":\"never\"");
    assertThat(watch(config, "--deliveries")).contains("overdue since", "PENDING", "u3");
  }

  private static String watch(SluiceConfig config, String... arguments) throws Exception {
    var all = new ArrayList<>(List.of("watch", "--from-beginning", "--to-end"));
    all.addAll(List.of(arguments));
    for (var key : List.of("bootstrap.servers", "schema.registry.url", "topic.prefix")) {
      var value = Objects.requireNonNull(config.describe().get(key)).replaceAll(" \\(.*", "");
      all.addAll(List.of("-o", key + "=" + value));
    }
    return run(all);
  }

  private static String command(int port, String... arguments) throws Exception {
    var token = Files.writeString(CLUSTER.folder().resolve("delivery.token"), reader + "\n");
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", "http://127.0.0.1:" + port, "--token-file", token.toString()));
    return run(all);
  }

  private static String run(List<String> all) {
    var before = System.out;
    var written = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(written, true, UTF_8));
      assertThat(SluiceCommand.execute(all.toArray(String[]::new)))
          .as("%s: %s", all, written)
          .isZero();
    } finally {
      System.setOut(before);
    }
    return written.toString(UTF_8);
  }

  @Test
  void shouldAnswerAtWorkersWithDeliveryInTheirProcesses() throws Exception {
    var id = "delivery-api-inside";
    var ports = List.of(FreePorts.next(), FreePorts.next());
    var inside = Map.of("delivery.enabled", "true", "streams.num.standby.replicas", "1");
    var config = config(id, "inside-0", ports.getFirst(), inside);
    try (var one = WorkerApp.start(config, List.of());
        var two = WorkerApp.start(config(id, "inside-1", ports.getLast(), inside), List.of());
        var runner = new CommandRunner(config, DeliveryApiIT::result)) {
      for (var each : List.of(one, two)) {
        each.worker().awaitRunning(Workers.TIMEOUT);
        Objects.requireNonNull(each.delivery()).awaitRunning(Workers.TIMEOUT);
      }
      Workers.publish(config, memberships());
      awaitSummary(ports.getFirst(), 3 * USERS, 3 * USERS);
      runner.failIfEnded();
      var published = DeliveryView.read(config);
      for (var port : ports) {
        awaitSummary(port, 3 * USERS, 3 * USERS);
        compare(port, published);
        shouldSayBesideDecisionsWhatIsOutstanding(port);
      }
      shouldShowALeaver(config, ports.getLast());
    }
  }

  @Test
  void shouldSayWhatToSetWhereAWorkerKnowsNothingOfDelivery() throws Exception {
    var id = "delivery-api-none";
    var port = FreePorts.next();
    try (var worker = WorkerApp.start(config(id, "none", port, Map.of()), List.of())) {
      worker.worker().awaitRunning(Workers.TIMEOUT);
      for (var path : List.of(LIST, SUMMARY)) {
        var answer = get(port, path, reader);
        description.check("get", path, answer);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("delivery.enabled=true", "delivery.url");
      }
      assertThat(explain(port, "u1", "s1").has("delivery")).isFalse();
      // Also where another worker takes it for a delivery process.
      var wrong = FreePorts.next();
      var config = config(id, "wrong", wrong, Map.of("delivery.url", "http://127.0.0.1:" + port));
      try (var other = WorkerApp.start(config, List.of())) {
        other.worker().awaitRunning(Workers.TIMEOUT);
        var answer = get(wrong, LIST, reader);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("the process at delivery.url does not run delivery");
      }
    }
  }
}
