package dev.sluice.it;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.resumed;
import static dev.sluice.event.Events.suspended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.app.DeliveryApp;
import dev.sluice.app.WorkerApp;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessDelivery;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.DeliveryOutcome;
import dev.sluice.avro.DeliveryState;
import dev.sluice.avro.ErrorClass;
import dev.sluice.check.CheckReport;
import dev.sluice.check.CheckRunner;
import dev.sluice.check.Finding;
import dev.sluice.check.Finding.Verdict;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.Event;
import dev.sluice.operator.OperatorException;
import dev.sluice.startup.TopicSetup;
import dev.sluice.testing.CommandRunner;
import dev.sluice.testing.DeliveryView;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.WorkerProcess;
import dev.sluice.testing.Workers;
import dev.sluice.worker.Delivery;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delivery on a real broker: in the worker's process, and in one of its own that is killed. */
class DeliveryIT {
  private static final int USERS = 6;

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static SluiceConfig config(String id, String folder, Map<String, String> more) {
    var settings =
        new HashMap<>(
            Map.of(
                "schema.registry.url", CLUSTER.registry().url(),
                "topic.partitions", "3",
                "delivery.stream.threads", "2"));
    settings.putAll(more);
    return CLUSTER.config(id, folder, settings);
  }

  private static List<Event> memberships(String product, String... sources) {
    var events = new ArrayList<Event>();
    events.add(published(product, sources));
    for (int u = 0; u < USERS; u++) {
      events.add(approved(product, product + "-r" + u, "u" + u));
    }
    return events;
  }

  private static AccessResult result(
      AccessCommand command, DeliveryOutcome outcome, @Nullable ErrorClass of) {
    return AccessResult.newBuilder()
        .setUserId(command.getUserId())
        .setSourceType(command.getSourceType())
        .setSourceId(command.getSourceId())
        .setAction(command.getAction())
        .setEpoch(command.getEpoch())
        .setRevision(command.getRevision())
        .setOutcome(outcome)
        .setErrorClass(of)
        .setAt(Instant.now())
        .setExecutor("test")
        .build();
  }

  private static AccessResult applied(AccessCommand command) {
    return result(command, DeliveryOutcome.APPLIED, null);
  }

  /** Answers as the id of the source says. */
  private static Optional<AccessResult> byName(AccessCommand command) {
    return switch (command.getSourceId()) {
      case "never" -> Optional.empty();
      case "person" ->
          Optional.of(result(command, DeliveryOutcome.FAILED, ErrorClass.NEEDS_PERSON));
      case "held" -> Optional.of(result(command, DeliveryOutcome.HELD, null));
      default -> Optional.of(applied(command));
    };
  }

  private static CommandRunner runner(
      SluiceConfig config, Function<AccessCommand, Optional<AccessResult>> answers) {
    return new CommandRunner(config, command -> answers.apply(command).orElse(null));
  }

  private static Map<DeliveryState, Long> states(Map<String, AccessDelivery> view) {
    return view.values().stream()
        .collect(Collectors.groupingBy(AccessDelivery::getState, Collectors.counting()));
  }

  private static void awaitView(
      SluiceConfig config, Runnable meanwhile, Function<Map<String, AccessDelivery>, Boolean> is) {
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .until(
            () -> {
              meanwhile.run();
              return is.apply(DeliveryView.read(config));
            });
  }

  private static String get(int port, String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  private static void awaitBody(int port, String path, String... parts) {
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .untilAsserted(() -> assertThat(get(port, path)).contains(parts));
  }

  @Test
  void shouldTellInTheWorkersProcessWhatIsConfirmedAndWhatIsNot() throws Exception {
    var config =
        config(
            "delivery-inside",
            "delivery-inside",
            Map.of(
                "delivery.enabled", "true",
                "http.port", "0",
                "delivery.grant.deadline.ms", "2000",
                "delivery.revoke.deadline.ms", "2000"));
    try (var app = WorkerApp.start(config, List.of())) {
      var delivery = Objects.requireNonNull(app.delivery());
      app.worker().awaitRunning(Workers.TIMEOUT);
      delivery.awaitRunning(Workers.TIMEOUT);
      try (var runner = runner(config, DeliveryIT::byName)) {
        Workers.publish(config, memberships("p1", "orders", "never", "person", "held", "sales"));

        awaitView(
            config,
            delivery::failIfEnded,
            view ->
                states(view)
                        .equals(
                            Map.of(
                                DeliveryState.PENDING, (long) USERS,
                                DeliveryState.FAILED, (long) USERS,
                                DeliveryState.HELD, (long) USERS))
                    && view.values().stream().allMatch(d -> d.getOverdueSince() != null));
        assertThat(runner.keys()).hasSize(5 * USERS);
        awaitBody(
            app.port(),
            "/metrics",
            "sluice_delivery_outstanding{action=\"GRANT\",source_type=\"Snowflake\"} 18.0",
            "sluice_delivery_overdue{action=\"GRANT\",source_type=\"Snowflake\"} 18.0",
            "sluice_delivery_failed{error_class=\"NEEDS_PERSON\",source_type=\"Snowflake\"} 6.0",
            "sluice_delivery_held{source_type=\"Snowflake\"} 6.0",
            "sluice_delivery_results_total{outcome=\"applied\"} 12.0",
            "sluice_delivery_commands_total{action=\"GRANT\"} 30.0",
            "sluice_input_lag_records{input=\"results\"}");
        awaitBody(app.port(), "/health", "\"part\":\"delivery\",\"ok\":true");

        // The revocation of each replaces its grant.
        Workers.publish(config, suspended("p1"));
        awaitView(
            config,
            delivery::failIfEnded,
            view ->
                view.size() == 3 * USERS
                    && view.values().stream()
                        .allMatch(
                            d ->
                                d.getAction() == dev.sluice.avro.AccessAction.REVOKE
                                    && d.getOverdueSince() != null));
      }
      // Somebody mended the platform: all commands are answered again.
      try (var runner = runner(config, command -> Optional.of(applied(command)))) {
        awaitView(config, runner::failIfEnded, Map::isEmpty);
      }
      awaitBody(
          app.port(),
          "/metrics",
          "sluice_delivery_outstanding{action=\"REVOKE\",source_type=\"Snowflake\"} 0.0",
          "sluice_delivery_overdue{action=\"REVOKE\",source_type=\"Snowflake\"} 0.0");
    }
  }

  @Test
  void shouldDoNothingInAWorkerWithoutDelivery() throws Exception {
    var config = config("delivery-off", "delivery-off", Map.of());
    try (var app = WorkerApp.start(config, List.of());
        var admin = Admin.create(config.clientConfig())) {
      app.worker().awaitRunning(Workers.TIMEOUT);

      assertThat(app.delivery()).isNull();
      assertThat(admin.listTopics().names().get())
          .contains("delivery-off.access-commands")
          .doesNotContainAnyElementsOf(new Topics("delivery-off.").ofDelivery());
    }
  }

  @Test
  void shouldLoseNothingWhenAProcessOfItsOwnIsKilled() throws Exception {
    var config = config("delivery-apart", "delivery-apart", Map.of());
    try (var worker = Workers.running(config)) {
      try (var first = process(config, "first");
          var runner = runner(config, DeliveryIT::byName)) {
        first.awaitLine("running: ");
        Workers.publish(config, memberships("p1", "a", "b", "never"));
        awaitView(config, runner::failIfEnded, view -> view.size() == USERS);
        var more = new ArrayList<Event>();
        for (int i = 0; i < 20; i++) {
          more.add(suspended("p1"));
          more.add(resumed("p1"));
        }
        Workers.publish(config, more);
        Awaitility.await()
            .atMost(Workers.TIMEOUT)
            .until(
                () ->
                    runner.newest().values().stream()
                        .anyMatch(command -> command.getRevision() > 100));
        first.close(); // kills it, in the middle
      }
      // While nobody reads, a transaction of the killed process may still be open.
      Workers.publish(config, memberships("p2", "c", "held"));
      try (var second = process(config, "second");
          var runner = runner(config, DeliveryIT::byName)) {
        second.awaitLine("running: ");
        Workers.settle(config, worker::failIfEnded);
        awaitView(
            config,
            runner::failIfEnded,
            view ->
                view.size() == 2 * USERS
                    && states(view)
                        .equals(
                            Map.of(
                                DeliveryState.PENDING, (long) USERS,
                                DeliveryState.HELD, (long) USERS)));
        var newest = runner.newest();
        assertThat(DeliveryView.read(config))
            .allSatisfy(
                (key, delivery) ->
                    assertThat(delivery.getRevision())
                        .isEqualTo(Objects.requireNonNull(newest.get(key)).getRevision()));
        second.terminate();
        assertThat(second.status(Workers.TIMEOUT)).isEqualTo(143);
        assertThat(second.lines()).noneMatch(line -> line.contains("ERROR"));
      }
    }
  }

  private static WorkerProcess process(SluiceConfig config, String name) throws Exception {
    var arguments = new ArrayList<>(List.of("delivery"));
    for (var key :
        List.of(
            "bootstrap.servers",
            "schema.registry.url",
            "application.id",
            "topic.prefix",
            "topic.partitions",
            "delivery.stream.threads")) {
      var value = Objects.requireNonNull(config.describe().get(key)).replaceAll(" \\(.*", "");
      arguments.addAll(List.of("-o", key + "=" + value));
    }
    arguments.addAll(
        List.of("-o", "http.port=-1", "-o", "data.dir=" + CLUSTER.folder().resolve(name)));
    return WorkerProcess.start(
        CLUSTER.folder().resolve(name + ".log"),
        Path.of("src/main/resources/logback.xml"),
        Map.of(),
        arguments);
  }

  /** With the default, only what is commanded after the first start counts. */
  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void shouldBeginWhereDeliveryStartSays(String protocol) throws Exception {
    var id = "delivery-start-" + protocol;
    var latest = config(id, id, Map.of("group.protocol", protocol));
    try (var worker = Workers.running(latest)) {
      Workers.publish(latest, memberships("p1", "a"));
      Workers.settle(latest, worker::failIfEnded);
      assertThat(ofDelivery(CheckRunner.run(latest, true)))
          .anyMatch(f -> f.what().endsWith("access-results") && f.text().contains("is created"))
          .noneMatch(f -> f.verdict() == Verdict.FAILED);
      assertThat(ofDelivery(CheckRunner.run(latest))).isEmpty();
      try (var delivery = DeliveryApp.start(latest)) {
        delivery.delivery().awaitRunning(Workers.TIMEOUT);
      }
      assertThat(ofDelivery(CheckRunner.run(latest, true)))
          .anyMatch(f -> f.what().equals("delivery: offsets"))
          .allMatch(f -> f.verdict() == Verdict.OK);
      // Commands that are written while it is stopped count, in every partition.
      Workers.publish(latest, memberships("p2", "b", "c", "d"));
      Workers.settle(latest, worker::failIfEnded);
      try (var delivery = DeliveryApp.start(latest)) {
        awaitView(latest, delivery.delivery()::failIfEnded, view -> view.size() == 3 * USERS);
      }
      assertThat(DeliveryView.read(latest).keySet()).noneMatch(key -> key.endsWith("|a"));
    }
    var other = "delivery-earliest-" + protocol;
    var earliest =
        config(other, other, Map.of("delivery.start", "earliest", "group.protocol", protocol));
    try (var worker = Workers.running(earliest)) {
      Workers.publish(earliest, memberships("p1", "a"));
      Workers.settle(earliest, worker::failIfEnded);
      try (var delivery = Delivery.start(earliest, Delivery.Listeners.NONE)) {
        awaitView(earliest, delivery::failIfEnded, view -> view.size() == USERS);
      }
    }
  }

  private static List<Finding> ofDelivery(CheckReport report) {
    return report.findings().stream()
        .filter(
            finding ->
                finding.what().startsWith("delivery")
                    || finding.what().contains("access-results")
                    || finding.what().contains("access-delivery"))
        .toList();
  }

  @Test
  void shouldNotStartWhereAResultCannotBeInItsCommandsPartition() throws Exception {
    var config = config("delivery-partitions", "delivery-partitions", Map.of());
    try (var admin = Admin.create(config.clientConfig())) {
      new TopicSetup(admin, config).ensure();
      admin
          .createTopics(List.of(new NewTopic("delivery-partitions.access-results", 2, (short) 1)))
          .all()
          .get();
    }

    assertThatThrownBy(() -> Delivery.start(config, Delivery.Listeners.NONE))
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("access-results has 2 partitions")
        .hasMessageContaining("--partitions 3");
  }

  @Test
  void shouldNotStartWithStateWhoseOffsetsAreLost() throws Exception {
    var config = config("delivery-lost", "delivery-lost", Map.of());
    try (var worker = Workers.running(config);
        var delivery = Delivery.start(config, Delivery.Listeners.NONE)) {
      delivery.awaitRunning(Workers.TIMEOUT);
      Workers.publish(config, memberships("p1", "a"));
      awaitView(config, worker::failIfEnded, view -> view.size() == USERS);
    }
    try (var admin = Admin.create(config.clientConfig())) {
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .ignoreExceptions()
          .until(
              () -> {
                admin.deleteConsumerGroups(List.of("delivery-lost-delivery")).all().get();
                return true;
              });
    }

    assertThatThrownBy(() -> Delivery.start(config, Delivery.Listeners.NONE))
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("group delivery-lost-delivery has no offset")
        .hasMessageContaining("begin anew");
  }
}
