package dev.sluice.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.dev.registry.RegistryServer;
import java.util.Map;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the level that subjects get, and schemas that are not compatible. */
@Timeout(60)
final class CompatibilityTest {
  private static final String LEVEL = "FULL_TRANSITIVE";

  @Test
  void shouldSetALevelThatIsAnother() {
    var answer = "{\"compatibilityLevel\":\"NONE\",\"compatibility\":\"FULL_TRANSITIVE\"}";
    try (var server = new ScriptedServer(200, answer);
        var registry = client(server)) {
      assertThat(registry.setCompatibility("a b-value", LEVEL)).isTrue();
      assertThat(server.seen())
          .extracting(seen -> seen.method() + " " + seen.path())
          .containsExactly("GET /config/a%20b-value", "PUT /config/a%20b-value");
    }
  }

  @Test
  void shouldLeaveALevelThatIsRight() {
    try (var server = new ScriptedServer(200, "{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
        var registry = client(server)) {
      assertThat(registry.setCompatibility("s", LEVEL)).isFalse();
      assertThat(server.seen()).hasSize(1);
    }
  }

  @Test
  void shouldSayThatTheSubjectMustBeThere() {
    try (var server = new ScriptedServer(404, "{\"error_code\":40401,\"message\":\"no subject\"}");
        var registry = client(server)) {
      assertThatExceptionOfType(SchemaNotFoundException.class)
          .isThrownBy(() -> registry.setCompatibility("s", LEVEL));
      assertThat(server.seen()).hasSize(2);
    }
  }

  @Test
  void shouldSayWhatTheRegistryRefuses() throws Exception {
    try (var server = RegistryServer.start(0, null);
        var registry = SchemaRegistries.from(Map.of("schema.registry.url", server.url()))) {
      assertThat(registry.setCompatibility("s", LEVEL)).isFalse();
      assertThatThrownBy(() -> registry.setCompatibility("s", "NONE"))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("refused to set the compatibility of subject s to NONE")
          .hasMessageContaining("holds every subject to FULL_TRANSITIVE, not to NONE");
    }
  }

  @Test
  void shouldCallARegistryWithoutSuchARouteUnavailable() {
    try (var server = new ScriptedServer(404, "<html>Not found</html>");
        var registry = client(server)) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.setCompatibility("s", LEVEL));
    }
  }

  @Test
  void shouldSayWhichSubjectDoesNotTakeASchemaWhyAndWhatToDo() throws Exception {
    var earlier = SchemaBuilder.record("test.Thing").fields().requiredString("a").endRecord();
    var later = SchemaBuilder.record("test.Thing").fields().requiredString("b").endRecord();
    try (var server = RegistryServer.start(0, null);
        var registry = SchemaRegistries.from(Map.of("schema.registry.url", server.url()))) {
      registry.register("orders-value", earlier);

      assertThatExceptionOfType(IncompatibleSchemaException.class)
          .isThrownBy(() -> registry.register("orders-value", later))
          .withMessageContaining("test.Thing under subject orders-value")
          .withMessageContaining("cannot read data of version 1")
          .withMessageContaining("give Sluice its own topics with topic.prefix");
    }
  }

  private static SchemaRegistry client(ScriptedServer server) {
    return SchemaRegistries.from(Map.of("schema.registry.url", server.url()));
  }
}
