package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.check.CheckRunner;
import dev.sluice.check.Finding.Verdict;
import dev.sluice.cli.SluiceCommand;
import dev.sluice.client.EventBatchWriter;
import dev.sluice.client.EventBatchWriter.NotWrittenException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.Events;
import dev.sluice.operator.OperatorException;
import dev.sluice.rights.Right;
import dev.sluice.rights.Right.Role;
import dev.sluice.rights.RightNames;
import dev.sluice.startup.DeliveryPreconditions;
import dev.sluice.startup.StartPreconditions;
import dev.sluice.startup.TopicSetup;
import dev.sluice.testing.Workers;
import dev.sluice.worker.Delivery;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker with TLS, passwords and rights, and a user for each role that has exactly its own. */
@ResourceLock(Resources.SYSTEM_OUT)
class RightsIT {
  private static final String PASSWORD = "correct-horse-battery";
  private static final String WRONG = "wrong-horse-battery";
  private static final String STORE_PASSWORD = "store-horse-battery";
  private static final String GROUP = "grants";
  private static final String ID = "rights";

  /** One whose topics were never made. */
  private static final String FRESH = "fresh";

  private static final RightNames NAMES = new RightNames(ID + ".", ID, GROUP);
  private static final RightNames FRESH_NAMES = new RightNames(FRESH + ".", FRESH, GROUP);

  private static SecuredBroker broker;
  private static int grantsSeen;
  @TempDir private static Path folder;

  /** Uses the rights once: publishes, processes, consumes. */
  @BeforeAll
  static void start() throws Exception {
    broker = SecuredBroker.start(folder, STORE_PASSWORD);
    for (var role : Role.values()) {
      broker.addUser(user(role), PASSWORD);
      broker.give(user(role), NAMES, rights(role));
    }
    broker.give(user(Role.WORKER), FRESH_NAMES, rights(Role.WORKER));
    awaitLacked(config(Role.WORKER, ID), List.of());
    try (var worker = Workers.running(config(Role.WORKER, ID))) {
      Workers.publish(
          config(Role.PRODUCER, ID),
          Events.published("p1", "s1"),
          Events.approved("p1", "r1", "ana"),
          Events.approved("p2", "r2", "ana"));
      grantsSeen = consume();
      worker.failIfEnded();
    }
    broker.give(user(Role.DELIVERY), FRESH_NAMES, rights(Role.DELIVERY));
    awaitDelivery(ID, sentences -> sentences.isEmpty());
    try (var delivery = startDelivery(ID)) {
      delivery.awaitRunning(Workers.TIMEOUT);
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static String user(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static List<Right> rights(Role role) {
    return Arrays.stream(Right.values()).filter(right -> right.role() == role).toList();
  }

  private static SluiceConfig config(Role role, String id) {
    return broker.config(id, folder.resolve(id), user(role), PASSWORD);
  }

  /** With the delivery's own user and folder. */
  private static SluiceConfig deliveryConfig(String id) {
    return broker.config(id, folder.resolve("delivery-" + id), user(Role.DELIVERY), PASSWORD);
  }

  private static Delivery startDelivery(String id) {
    return Delivery.start(deliveryConfig(id), Delivery.Listeners.NONE);
  }

  private static void awaitDelivery(String id, Predicate<List<String>> lacked) {
    var config = deliveryConfig(id);
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .ignoreExceptionsInstanceOf(OperatorException.class)
        .until(
            () -> {
              try (var admin = Admin.create(config.clientConfig())) {
                return lacked.test(
                    new DeliveryPreconditions(admin, config).lackedRights(new ArrayList<>()));
              }
            });
  }

  private static void assertDeliveryRefused(String id, Right right) {
    awaitDelivery(id, sentences -> !sentences.isEmpty());

    assertThatThrownBy(() -> startDelivery(id))
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith(
            "the Kafka user of delivery lacks the right " + right.operation() + " to ")
        .hasMessageNotContaining("\n");
  }

  /** As a grant consumer does, until something comes. */
  private static int consume() {
    var settings = new HashMap<>(config(Role.CONSUMER, ID).clientConfig());
    settings.put("group.id", GROUP);
    settings.put("isolation.level", "read_committed");
    settings.put("auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(new Topics(NAMES.prefix()).accessCommands()));
      var until = System.nanoTime() + Workers.TIMEOUT.toNanos();
      while (System.nanoTime() < until) {
        var records = consumer.poll(Duration.ofMillis(200));
        if (!records.isEmpty()) {
          consumer.commitSync();
          return records.count();
        }
      }
    }
    return 0;
  }

  private static List<String> lacked(SluiceConfig config) {
    try (var admin = Admin.create(config.clientConfig())) {
      return StartPreconditions.of(admin, config).lackedRights(new ArrayList<>());
    }
  }

  /** A broker hears of rights a moment after the controller, and may answer late. */
  private static void awaitLacked(SluiceConfig config, List<String> sentences) {
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .ignoreExceptionsInstanceOf(OperatorException.class)
        .untilAsserted(
            () -> assertThat(lacked(config)).hasSameSizeAs(sentences).containsAll(sentences));
  }

  @Test
  void shouldWorkWithExactlyTheListedRights() {
    assertThat(grantsSeen).isEqualTo(1);
    take("p5");
    assertThat(CheckRunner.run(config(Role.WORKER, ID)).findings())
        .allMatch(finding -> finding.verdict() == Verdict.OK);
  }

  @Test
  void shouldWarnOfMissingRightsForEventsOverHttp() throws Exception {
    var settings = new HashMap<>(broker.clients(user(Role.WORKER), PASSWORD));
    settings.put("http.port", "0");
    settings.put("topic.prefix", NAMES.prefix());
    settings.put("application.id", ID);
    var config =
        Workers.config(broker.bootstrapServers(), ID, folder.resolve("over-http"), settings);

    assertThat(CheckRunner.run(config).findings())
        .filteredOn(finding -> finding.verdict() == Verdict.WARNING)
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.text())
                    .startsWith("POST /v1/events cannot write: ")
                    .contains("lacks the right WRITE to topic rights.product-events"));
  }

  @ParameterizedTest
  @EnumSource(Right.class)
  void shouldStopAndNameTheMissingRight(Right right) throws Exception {
    var fresh = right.operation() == AclOperation.CREATE;
    var rightNames = fresh ? FRESH_NAMES : NAMES;
    var id = fresh ? FRESH : ID;
    broker.take(user(right.role()), rightNames, right);
    try {
      switch (right.role()) {
        case WORKER -> assertRefused(config(Role.WORKER, id), right);
        case PRODUCER -> assertCannotPublish(right);
        case INTAKE -> assertCannotTake(right);
        case CONSUMER, OPERATOR -> assertCannotRead(right);
        case DELIVERY -> assertDeliveryRefused(id, right);
        case USER_PRODUCER, RESULTS, DELIVERY_READER -> {
          // programs of others, which Kafka itself refuses
        }
      }
    } finally {
      broker.give(user(right.role()), rightNames, List.of(right));
      awaitLacked(config(Role.WORKER, id), List.of());
      awaitDelivery(id, sentences -> sentences.isEmpty());
    }
  }

  private static void assertRefused(SluiceConfig config, Right right) {
    Awaitility.await().atMost(Workers.TIMEOUT).until(() -> !lacked(config).isEmpty());

    assertThatThrownBy(() -> Workers.start(config))
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith(
            "the Kafka user of the worker lacks the right " + right.operation() + " to ")
        .hasMessageNotContaining("\n");
    assertThat(CheckRunner.run(config).findings())
        .anyMatch(
            finding ->
                finding.verdict() == Verdict.FAILED
                    && finding.text().contains("lacks the right " + right.operation()));
  }

  private static void assertCannotPublish(Right right) {
    var config = config(Role.PRODUCER, ID);
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(
                        catchThrowable(() -> Workers.publish(config, Events.published("p3", "s1"))))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("lacks the right " + right.operation())
                    .hasMessageContaining("rights.product-events"));
  }

  private static void assertCannotTake(Right right) {
    var names = right == Right.TAKE_EVENTS_TOGETHER ? "Transactional Id" : "rights.product-events";
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(catchThrowable(() -> take("p4")))
                    .isInstanceOf(NotWrittenException.class)
                    .hasMessageContaining("nothing was written: ")
                    .hasMessageContaining(names)
                    .hasMessageContaining("grant the worker's Kafka user the right"));
  }

  /** As the API does that takes events. */
  private static void take(String productId) {
    try (var intake = new EventBatchWriter(config(Role.INTAKE, ID))) {
      assertThat(intake.write(List.of(Events.published(productId, "s1")), null)).hasSize(1);
    }
  }

  private static void assertCannotRead(Right right) {
    if (right == Right.READ_AS_CONSUMER) {
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .untilAsserted(
              () ->
                  assertThat(catchThrowable(RightsIT::consume))
                      .isInstanceOf(AuthorizationException.class)
                      .hasMessageContaining(GROUP));
      return;
    }
    var config = config(right.role(), ID);
    var topic = right.resources(NAMES).getFirst().name();
    try (var admin = Admin.create(config.clientConfig())) {
      var setup = new TopicSetup(admin, config);
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .until(() -> catchThrowable(() -> setup.isThere(topic)) != null);
    }
    assertThat(watch(right))
        .contains("lacks the right " + right.operation() + " to topic ")
        .doesNotContain(PASSWORD);
  }

  /** The output of a worker that ends by itself. */
  private static String watch(Right right) {
    var arguments = new ArrayList<>(List.of("watch"));
    if (right == Right.READ_REJECTED) {
      arguments.add("--rejected");
    }
    var settings = new HashMap<>(broker.clients(user(right.role()), PASSWORD));
    settings.put("bootstrap.servers", broker.bootstrapServers());
    settings.put("topic.prefix", NAMES.prefix());
    settings.forEach((key, value) -> arguments.addAll(List.of("-o", key + "=" + value)));
    var before = System.err;
    var said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(SluiceCommand.execute(arguments.toArray(String[]::new))).isEqualTo(1);
    } finally {
      System.setErr(before);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void shouldNotStartWithAWrongPasswordNorShowIt() {
    var config = broker.config("wrong", folder.resolve("wrong"), user(Role.WORKER), WRONG);

    assertThatThrownBy(() -> Workers.start(config))
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith("Kafka at " + broker.bootstrapServers() + " refuses the worker: ")
        .hasMessageContaining("check the user and the password")
        .hasMessageNotContaining(WRONG);
  }

  @Test
  void shouldNotStartWithMalformedCredentials() {
    var settings = new HashMap<>(broker.clients(user(Role.WORKER), WRONG));
    settings.put(
        "kafka.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required password=" + WRONG);
    var config =
        Workers.config(broker.bootstrapServers(), "written", folder.resolve("written"), settings);

    assertThatThrownBy(() -> Workers.start(config))
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith("cannot start with Kafka at " + broker.bootstrapServers())
        .hasMessageNotContaining(WRONG);
  }

  @Test
  void shouldRefuseAnUntrustedBrokerCertificate() {
    var settings = new HashMap<>(broker.clients(user(Role.WORKER), PASSWORD));
    settings.keySet().removeIf(key -> key.contains("truststore"));
    var config =
        Workers.config(broker.bootstrapServers(), "trust", folder.resolve("trust"), settings);

    assertThatThrownBy(() -> Workers.start(config))
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("refuses the worker")
        .hasMessageContaining("or the certificate, that kafka.security.protocol");
  }

  @Test
  void shouldEndIfARightToANewTopicIsMissing() throws Exception {
    var given = new ArrayList<>(rights(Role.WORKER));
    given.remove(Right.PURGE_UPDATES);
    broker.give(user(Role.WORKER), new RightNames("later.", "later", GROUP), given);
    var config = config(Role.WORKER, "later");
    awaitLacked(config, List.of()); // it cannot be seen yet

    try (var worker = Workers.start(config)) {
      assertThat(Workers.endOf(worker))
          .hasMessageContaining("lacks the right DELETE to topic later-access-updates-repartition");
    }
  }

  @Test
  void shouldEndWhenRightsAreWithdrawn() throws Exception {
    var config = config(Role.WORKER, ID);
    try (var worker = Workers.running(config)) {
      broker.take(user(Role.WORKER), NAMES, Right.WRITE_OUTPUTS);
      Workers.publish(config(Role.PRODUCER, ID), Events.approved("p1", "r3", "ben"));

      assertThat(Workers.endOf(worker))
          .hasMessageContaining("Not authorized to access topics")
          .hasMessageContaining("./sluice check names missing rights");
    } finally {
      broker.give(user(Role.WORKER), NAMES, List.of(Right.WRITE_OUTPUTS));
      awaitLacked(config, List.of());
    }
  }

  @Test
  void shouldShowNoSecretAnywhere() throws Exception {
    var planted = new PlantedSecrets(broker, folder, STORE_PASSWORD);
    broker.addUser(PlantedSecrets.USER, planted.password());
    broker.give(PlantedSecrets.USER, PlantedSecrets.NAMES, rights(Role.WORKER));

    assertThat(planted.everythingSaid())
        .hasSize(6)
        .allSatisfy((where, text) -> assertThat(planted.secretsIn(text)).as(where).isEmpty());
  }
}
