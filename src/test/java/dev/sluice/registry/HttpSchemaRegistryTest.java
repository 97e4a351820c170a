package dev.sluice.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.registry.ScriptedServer.Seen;
import dev.sluice.testing.FreePorts;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class HttpSchemaRegistryTest {
  private static final Schema SCHEMA =
      SchemaBuilder.record("test.Thing").fields().requiredString("name").endRecord();
  private static final String TIMEOUT_KEY = "schema.registry.request.timeout.ms";

  @Test
  void shouldSpeakToARegistryServer() throws Exception {
    try (RegistryServer server = RegistryServer.start(0, null);
        SchemaRegistry registry = client(server.url() + "/")) {
      int id = registry.register("a b/c+d-value", SCHEMA);

      assertThat(registry.idOf("a b/c+d-value", SCHEMA)).isEqualTo(id);
      assertThat(registry.byId(id)).isEqualTo(SCHEMA);
      assertThat(registry.latest("a b/c+d-value")).isEqualTo(new RegisteredSchema(id, 1, SCHEMA));
    }
  }

  @Test
  void shouldKeepTheBaseUrlsPathAndEncodeTheSubject() {
    try (ScriptedServer server = new ScriptedServer(200, "{\"id\":4}");
        SchemaRegistry registry = client(server.url() + "/apis/ccompat/v7/")) {
      assertThat(registry.register("a b/c-value", SCHEMA)).isEqualTo(4);
      assertThat(registry.idOf("a b/c-value", SCHEMA)).isEqualTo(4);

      String json = "application/vnd.schemaregistry.v1+json";
      assertThat(server.seen())
          .containsExactly(
              new Seen("POST", "/apis/ccompat/v7/subjects/a%20b%2Fc-value/versions", "", json),
              new Seen("POST", "/apis/ccompat/v7/subjects/a%20b%2Fc-value", "", json));
    }
  }

  @Test
  void shouldGoOnWithTheNextUrlWhenTheFirstIsDead() throws Exception {
    try (ScriptedServer alive = new ScriptedServer(200, "{\"schema\":\"\\\"string\\\"\"}");
        SchemaRegistry registry =
            client("http://127.0.0.1:" + FreePorts.next() + ", " + alive.url())) {
      assertThat(registry.byId(1)).isEqualTo(Schema.create(Schema.Type.STRING));
      assertThat(registry.byId(2)).isEqualTo(Schema.create(Schema.Type.STRING));
    }
  }

  @Test
  void shouldBeginWithTheUrlThatAnsweredLast() {
    try (ScriptedServer broken = new ScriptedServer(500, "");
        ScriptedServer alive = new ScriptedServer(200, "{\"schema\":\"\\\"string\\\"\"}");
        SchemaRegistry registry = client(broken.url() + "," + alive.url())) {
      registry.byId(1);
      registry.byId(2);
      registry.byId(3);

      assertThat(broken.seen()).hasSize(1);
      assertThat(alive.seen()).hasSize(3);
    }
  }

  @Test
  void shouldTakeARefusalForAnAnswerWhenItChoosesWhereToBegin() {
    Schema schema = Schema.create(Schema.Type.STRING);
    try (ScriptedServer broken = new ScriptedServer(500, "");
        ScriptedServer alive =
            new ScriptedServer(404, "{\"error_code\":40403,\"message\":\"no\"}");
        SchemaRegistry registry = client(broken.url() + "," + alive.url())) {
      for (String subject : new String[] {"a", "b", "c"}) {
        assertThatExceptionOfType(SchemaNotFoundException.class)
            .isThrownBy(() -> registry.idOf(subject, schema));
      }
      assertThat(broken.seen()).hasSize(1);
    }
  }

  @Test
  void shouldAskEveryUrlForAnIdBeforeItSaysThatThereIsNone() {
    try (ScriptedServer behind =
            new ScriptedServer(404, "{\"error_code\":40403,\"message\":\"Schema 8 not found\"}");
        ScriptedServer other =
            new ScriptedServer(404, "{\"error_code\":40403,\"message\":\"not here either\"}");
        SchemaRegistry registry = client(behind.url() + "," + other.url())) {
      assertThatExceptionOfType(SchemaNotFoundException.class)
          .isThrownBy(() -> registry.byId(8))
          .withMessageContaining("Schema 8 not found");
      assertThat(other.seen()).hasSize(1);

      other.answer(200, "{\"schema\":\"\\\"string\\\"\"}");

      assertThat(registry.byId(8)).isEqualTo(Schema.create(Schema.Type.STRING));
      assertThat(behind.seen()).hasSize(2);
    }
  }

  @Test
  void shouldGoOnWithTheNextUrlWhenTheFirstIsNoRegistry() {
    try (ScriptedServer other = new ScriptedServer(200, "{}");
        ScriptedServer alive = new ScriptedServer(200, "{\"id\":4}");
        SchemaRegistry registry = client(other.url() + "," + alive.url())) {
      assertThat(registry.register("s", SCHEMA)).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | {\"error_code\":50001,\"message\":\"no\"} | HTTP 500",
        "503 | ''                                        | HTTP 503",
        "429 | ''                                        | HTTP 429",
        "200 | <html>Welcome</html>                      | HTTP 200",
        "200 | {\"schema\":5}                            | HTTP 200",
        "200 | []                                        | HTTP 200",
        "200 | ''                                        | HTTP 200",
        "302 | ''                                        | HTTP 302",
        "404 | <html>Not found</html>                    | HTTP 404",
        "404 | {\"error_code\":404,\"message\":\"no\"}   | HTTP 404",
        "404 | {\"error\":\"not found\"}                 | HTTP 404",
        "409 | <html>Conflict</html>                     | HTTP 409",
      })
  void shouldCallOutagesAndNonsenseUnavailableAfterThreePasses(
      int status, String body, String inMessage) {
    try (ScriptedServer server = new ScriptedServer(status, body);
        SchemaRegistry registry = client(server.url())) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1))
          .withMessageContaining(inMessage)
          .withMessageContaining(server.url())
          .withMessageContaining("schema.registry.url");
      assertThat(server.seen()).hasSize(3);
    }
  }

  @ParameterizedTest
  @CsvSource({"409,409", "422,42205"})
  void shouldNotTakeARefusalOfSomethingElseForAnAnswerToAQuestion(int status, int errorCode) {
    try (ScriptedServer server =
            new ScriptedServer(
                status, "{\"error_code\":%d,\"message\":\"not now\"}".formatted(errorCode));
        SchemaRegistry registry = client(server.url())) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1));
    }
  }

  @Test
  void shouldReadNoAnswerThatIsLargerThanARegistryGives() {
    try (ScriptedServer server = new ScriptedServer(200, "");
        SchemaRegistry registry = client(server.url())) {
      server.answer(Misbehaviour.NEVER_ENDS);

      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1))
          .withMessageContaining("the answer has more than 4194304 bytes");
    }
  }

  @Test
  void shouldKeepLittleOfALongRefusal() {
    String refusal = "{\"error_code\":40403,\"message\":\"%s\"}".formatted("no".repeat(100_000));
    try (ScriptedServer server = new ScriptedServer(404, refusal);
        SchemaRegistry registry = client(server.url())) {
      assertThatExceptionOfType(SchemaNotFoundException.class)
          .isThrownBy(() -> registry.byId(1))
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_200));
    }
  }

  @Test
  void shouldRecoverOnceTheRegistryIsBack() {
    try (ScriptedServer server = new ScriptedServer(503, "");
        SchemaRegistry registry = client(server.url())) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.register("s", SCHEMA));
      server.answer(200, "{\"id\":9}");

      assertThat(registry.register("s", SCHEMA)).isEqualTo(9);
    }
  }

  @Test
  void shouldGiveUpOnASlowAnswerEvenWhenItHasBegun() {
    try (ScriptedServer server = new ScriptedServer(200, "{\"id\":9}");
        SchemaRegistry registry =
            client(Map.of("schema.registry.url", server.url(), TIMEOUT_KEY, "100"))) {
      server.delayBody(Duration.ofSeconds(20));

      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.register("s", SCHEMA))
          .withMessageContaining("no answer within 100 ms")
          .withMessageContaining(TIMEOUT_KEY);
    }
  }

  @Test
  void shouldStopAndKeepTheInterruptWhenInterrupted() {
    try (ScriptedServer server = new ScriptedServer(503, "");
        SchemaRegistry registry = client(server.url())) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1))
          .withMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void shouldSayThatTheSchemaIsUnknownAndAskAgainEachTime() {
    try (ScriptedServer server =
            new ScriptedServer(404, "{\"error_code\":40403,\"message\":\"Schema 8 not found\"}");
        SchemaRegistry registry = client(server.url())) {
      for (int i = 0; i < 5; i++) {
        assertThatExceptionOfType(SchemaNotFoundException.class)
            .isThrownBy(() -> registry.byId(8))
            .withMessageContaining("Schema 8 not found")
            .satisfies(e -> assertThat(e.errorCode()).isEqualTo(40403));
      }
      assertThat(server.seen()).hasSize(5);
    }
  }

  @Test
  void shouldAskOnceForTheSameSchemaAndTheSameId() {
    try (ScriptedServer server =
            new ScriptedServer(200, "{\"id\":1,\"schema\":\"\\\"string\\\"\"}");
        SchemaRegistry registry = client(server.url())) {
      for (int i = 0; i < 5; i++) {
        registry.byId(1);
        registry.register("s", new Schema.Parser().parse(SCHEMA.toString()));
      }
      assertThat(server.seen()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"409,409", "422,42201"})
  void shouldSayThatTheSchemaIsRefused(int status, int errorCode) {
    try (ScriptedServer server =
            new ScriptedServer(
                status, "{\"error_code\":%d,\"message\":\"no default\"}".formatted(errorCode));
        SchemaRegistry registry = client(server.url())) {
      assertThatExceptionOfType(IncompatibleSchemaException.class)
          .isThrownBy(() -> registry.register("orders-value", SCHEMA))
          .withMessageContaining("orders-value")
          .withMessageContaining("no default");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schema\":\"message A {}\",\"schemaType\":\"PROTOBUF\"}",
        "{\"schema\":\"\\\"A\\\"\",\"references\":[{\"name\":\"A\",\"subject\":\"a\",\"version\":1}]}",
        "{\"schema\":\"{}\"}",
        "{\"schema\":\"[\"}",
        "{\"schema\":\"\"}",
      })
  void shouldRejectWhatIsNotAnAvroSchema(String answer) {
    try (ScriptedServer server = new ScriptedServer(200, answer);
        SchemaRegistry registry = client(server.url())) {
      assertThatExceptionOfType(SerializationException.class)
          .isThrownBy(() -> registry.byId(3))
          .withMessageContaining("schema with id 3");
    }
  }

  private static SchemaRegistry client(String urls) {
    return client(Map.of("schema.registry.url", urls));
  }

  private static SchemaRegistry client(Map<String, ?> configs) {
    return SchemaRegistries.from(configs);
  }
}
