package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpHandler;
import dev.sluice.avro.ProductEvent;
import dev.sluice.config.SluiceConfig;
import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.event.Events;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.event.codec.EventReader;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.event.codec.UnknownSchemaWait;
import dev.sluice.failure.FailureHandler;
import dev.sluice.registry.Misbehaviour;
import dev.sluice.registry.ScriptedServer;
import dev.sluice.serde.ConfluentFailures;
import dev.sluice.serde.OutageClassifier;
import dev.sluice.testing.CapturedLog;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import dev.sluice.worker.Worker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Confluent's own classes while the registry cannot be asked: what they throw, and what a worker
 * does with it. Sluice's classes are tried beside them.
 */
@Tag("heavy")
class ConfluentOutageIT {
  private static final byte[] EVENT = {0, 0, 0, 0, 7, 0};

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private CapturedLog troubles;
  private ConfluentClasses confluent;

  @BeforeEach
  void open() {
    confluent = new ConfluentClasses();
    troubles = new CapturedLog(FailureHandler.class);
  }

  @AfterEach
  void close() {
    troubles.close();
    confluent.close();
  }

  /** An answer of a registry that cannot be asked now. */
  private record Answer(int status, String body) {
    HttpHandler handler() {
      return exchange -> {
        exchange.getRequestBody().readAllBytes();
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
      };
    }
  }

  private static String error(int code) {
    return "{\"error_code\":%d,\"message\":\"no\"}".formatted(code);
  }

  /** With the plain code, with Confluent's own, and with none. */
  static Stream<Answer> answers() {
    return Stream.of(401, 403, 408, 429, 500, 503)
        .flatMap(
            status ->
                Stream.of(error(status), error(status * 100 + 1), "", "<html>no</html>")
                    .map(body -> new Answer(status, body)));
  }

  /** Each status once, by turns with the plain code and with Confluent's own. */
  private static Stream<Answer> oneOfEach() {
    return Stream.of(
        new Answer(401, error(40101)),
        new Answer(403, error(403)),
        new Answer(408, error(40801)),
        new Answer(429, error(429)),
        new Answer(500, error(50001)),
        new Answer(503, error(503)));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void shouldWaitForAnUnreachableRegistryWhileReading(Answer answer) throws Exception {
    try (var server = new ScriptedServer(answer.status(), answer.body());
        var reader = reader(server, UnknownSchemaWait.rejected())) {
      assertThatThrownBy(() -> reader.read(new RecordHeaders(), EVENT))
          .isInstanceOf(RetriableException.class)
          .hasMessageContaining("schema registry")
          .hasMessageContaining("HTTP " + answer.status());
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  void shouldWaitForAnUnreachableRegistryWhileWriting(Answer answer) throws Exception {
    try (var server = new ScriptedServer(answer.status(), answer.body())) {
      var thrown = written(server);

      assertThat(OutageClassifier.whileWriting(thrown))
          .isInstanceOf(RetriableException.class)
          .hasMessageContaining("HTTP " + answer.status());
    }
  }

  /** But for a 200 without a schema, which their client remembers as the schema. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WITHOUT_SCHEMA")
  void shouldNeverRejectAnEventBecauseOfAnOutage(Misbehaviour misbehaviour) throws Exception {
    try (var server = new ScriptedServer(200, "");
        var reader =
            reader(server, new UnknownSchemaWait(Duration.ofSeconds(30), System::nanoTime))) {
      server.answer(misbehaviour);

      assertThatThrownBy(() -> reader.read(new RecordHeaders(), EVENT))
          .isInstanceOf(RetriableException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40401, 40402, 40403})
  void shouldRejectAnEventWhoseSchemaTheRegistryDoesNotHave(int code) throws Exception {
    try (var server = new ScriptedServer(404, error(code));
        var reader = reader(server, UnknownSchemaWait.rejected())) {
      assertThatThrownBy(() -> reader.read(new RecordHeaders(), EVENT))
          .isInstanceOf(UnreadableEventException.class)
          .hasMessageContaining("schema id 7 is not in the registry");
    }
  }

  @Test
  void shouldReadAnEventOnceTheRegistryAnswersAgain() throws Exception {
    try (var server = new ScriptedServer(401, error(40101));
        var reader = reader(server, UnknownSchemaWait.rejected())) {
      assertThatThrownBy(() -> reader.read(new RecordHeaders(), EVENT))
          .isInstanceOf(RetriableException.class);

      server.answer(
          200,
          JsonNodeFactory.instance
              .objectNode()
              .put("schema", ProductEvent.getClassSchema().toString())
              .toString());

      assertThatThrownBy(() -> reader.read(new RecordHeaders(), EVENT))
          .as("the schema is there, and the bytes are none of it")
          .isInstanceOf(UnreadableEventException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"409,409", "409,40901", "422,422", "422,42201", "404,40401", "404,40403"})
  void shouldTreatARefusalAsAnAnswer(int status, int code) throws Exception {
    try (var server = new ScriptedServer(status, error(code))) {
      var thrown = written(server);

      assertThat(OutageClassifier.whileWriting(thrown)).isSameAs(thrown);
      assertThat(thrown).isNotInstanceOf(RetriableException.class);
    }
  }

  /** Holds the stand-ins of the unit tests to the real classes. */
  @ParameterizedTest
  @CsvSource({
    "401,40101",
    "403,40301",
    "404,40403",
    "404,404",
    "408,408",
    "409,409",
    "422,42201",
    "429,42901",
    "500,50001",
    "502,502",
    "503,503",
    "504,504"
  })
  void shouldThrowTheExceptionsThatUnitTestsAssume(int status, int code) throws Exception {
    try (var server = new ScriptedServer(status, error(code))) {
      var thrown = written(server);
      var standIn = new ConfluentFailures.Answer(status, code).newer();

      assertThat(thrown).isExactlyInstanceOf(standIn.getClass());
      if (standIn.getCause() == null) {
        assertThat(thrown).hasNoCause().hasMessage(standIn.getMessage());
      } else {
        var cause = thrown.getCause();
        assertThat(cause.getClass().getSimpleName())
            .isEqualTo(standIn.getCause().getClass().getSimpleName());
        assertThat(cause.getClass().getSuperclass())
            .isEqualTo(standIn.getCause().getClass().getSuperclass());
        assertThat(cause).hasMessage(standIn.getCause().getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldWaitOnItsThreadsAndRejectNothing(boolean theirs) throws Exception {
    try (var registry = RegistryServer.start(0, null);
        var gate = gate(registry, oneOfEach())) {
      var id = "outage-" + theirs;
      var config = config(id, gate.url(), theirs, Map.of());
      var direct = config(id, registry.url(), false, Map.of());
      try (var worker = Workers.running(config)) {
        gate.shut(true, true);
        Workers.publish(
            direct, Events.published("p1", "s1", "s2"), Events.approved("p1", "r1", "ada"));
        awaitWaiting(worker);
        Awaitility.await().atMost(Workers.TIMEOUT).until(() -> gate.reads() > 6);
        var writesBefore = gate.writes();
        gate.shut(false, true);
        Awaitility.await().atMost(Workers.TIMEOUT).until(() -> gate.writes() > writesBefore + 6);
        awaitWaiting(worker);
        gate.shut(false, false);
        Workers.awaitCommands(direct, 2);
        worker.failIfEnded();
      }
      assertThat(troubles.messages()).as("no thread failed").isEmpty();
      assertThat(CommittedLog.read(direct).rejections).isEmpty();
    }
  }

  /** Streams would take a thread for dead that waits longer: it is replaced, and waits again. */
  @ParameterizedTest
  @CsvSource({"true,401,reading", "true,403,writing"})
  void shouldReplaceThreadsThatWaitedTheirMaximum(boolean theirs, int status, String when)
      throws Exception {
    try (var registry = RegistryServer.start(0, null);
        var gate = gate(registry, Stream.of(new Answer(status, error(status))))) {
      var id = "long-outage-%s-%d-%s".formatted(theirs, status, when);
      // A third of it is 2 s.
      var more = Map.of("streams.max.poll.interval.ms", "6000");
      var config = config(id, gate.url(), theirs, more);
      var direct = config(id, registry.url(), false, Map.of());
      try (var worker = Workers.running(config)) {
        var reading = when.equals("reading");
        gate.shut(reading, !reading);
        Workers.publish(
            direct, Events.published("p1", "s1", "s2"), Events.approved("p1", "r1", "ada"));
        Awaitility.await()
            .dontCatchUncaughtExceptions() // a thread that is replaced ends with one
            .atMost(Workers.TIMEOUT)
            .until(() -> troubles.messages().size() >= 2);
        worker.failIfEnded();
        gate.shut(false, false);
        awaitCommands(direct);
        worker.failIfEnded();
      }
      assertThat(troubles.messages())
          .allMatch(line -> line.matches("waiting \\d+ ms, then trying again: .*"))
          .anyMatch(line -> line.contains("HTTP " + status));
      assertThat(CommittedLog.read(direct).rejections).isEmpty();
    }
  }

  private static RegistryGate gate(RegistryServer registry, Stream<Answer> answers) {
    var handlers = answers.map(Answer::handler).toList();
    return new RegistryGate(registry.url(), handlers, handlers);
  }

  private static void awaitWaiting(Worker worker) {
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .until(
            () -> {
              var waiting = worker.status().waiting();
              return waiting != null && waiting.contains("schema registry");
            });
  }

  private static void awaitCommands(SluiceConfig config) {
    Awaitility.await()
        .dontCatchUncaughtExceptions()
        .atMost(Workers.TIMEOUT)
        .until(() -> CommittedLog.read(config).commands.size() == 2);
  }

  private RuntimeException written(ScriptedServer server) throws Exception {
    var record = EventAvro.toAvro(Events.published("p1", "s1", "s2"));
    try (var serializer = confluent.serializer(settings(server))) {
      return (RuntimeException) catchThrowable(() -> serializer.serialize("t", record));
    }
  }

  private EventReader reader(ScriptedServer server, UnknownSchemaWait schemas) throws Exception {
    return new EventReader(confluent.deserializer(settings(server), false), "events", schemas);
  }

  /** Without the client's own tries, which are seconds apart and add nothing here. */
  private static Map<String, Object> settings(ScriptedServer server) {
    return Map.of(
        "schema.registry.url",
        server.url(),
        "auto.register.schemas",
        true,
        "avro.remove.java.properties",
        true,
        "max.retries",
        0);
  }

  private static SluiceConfig config(
      String id, String registryUrl, boolean theirs, Map<String, String> more) {
    var all = new HashMap<String, String>(more);
    all.put("schema.registry.url", registryUrl);
    all.put("sluice.schema.compatibility", "unchanged");
    if (theirs) {
      all.put("sluice.serializer.class", ConfluentClasses.SERIALIZER);
      all.put("sluice.deserializer.class", ConfluentClasses.DESERIALIZER);
      all.put("avro.remove.java.properties", "true");
    }
    return CLUSTER.config(id, all);
  }
}
