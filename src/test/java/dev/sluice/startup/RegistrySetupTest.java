package dev.sluice.startup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.avro.ProductStatus;
import dev.sluice.config.SluiceConfig;
import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.operator.OperatorException;
import dev.sluice.registry.SchemaRegistries;
import dev.sluice.registry.ScriptedServer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RegistrySetupTest {
  private static final String ANOTHER_LEVEL =
      "{\"id\":1,\"compatibilityLevel\":\"NONE\",\"compatibility\":\"FULL_TRANSITIVE\"}";

  @Test
  void shouldRegisterWhatTheWorkerWrites() throws Exception {
    try (var server = RegistryServer.start(0, null);
        var registry = SchemaRegistries.from(Map.of("schema.registry.url", server.url()))) {
      var outcome = RegistrySetup.ensure(config(server.url(), Map.of()));

      assertThat(outcome.warnings()).isEmpty();
      for (var topic : new String[] {"access-commands", "product-status", "request-status"}) {
        assertThat(registry.latest("t." + topic + "-value").version()).isEqualTo(1);
      }
      assertThat(registry.latest("t.product-status-value").schema().getFullName())
          .isEqualTo(ProductStatus.class.getName());
    }
  }

  @Test
  void shouldSayWhoseLevelItSet() {
    try (var server = new ScriptedServer(200, ANOTHER_LEVEL)) {
      assertThat(RegistrySetup.ensure(config(server.url(), Map.of())).done())
          .containsExactly(
              "set the compatibility of subject t.access-commands-value to FULL_TRANSITIVE",
              "set the compatibility of subject t.product-status-value to FULL_TRANSITIVE",
              "set the compatibility of subject t.request-status-value to FULL_TRANSITIVE");
    }
  }

  @Test
  void shouldLeaveTheLevelsToOthersWhereToldTo() {
    try (var server = new ScriptedServer(200, ANOTHER_LEVEL)) {
      var unchanged = Map.of("sluice.schema.compatibility", "unchanged");
      var outcome = RegistrySetup.ensure(config(server.url(), unchanged));

      assertThat(outcome.done()).isEmpty();
      assertThat(outcome.warnings()).isEmpty();
    }
  }

  @Test
  void shouldAskNothingOfARegistryThatSchemasAreNotRegisteredIn() {
    for (var setting : new String[] {"auto.register.schemas=false", "use.latest.version=true"}) {
      var pair = setting.split("=");
      var outcome = RegistrySetup.ensure(config("http://127.0.0.1:1", Map.of(pair[0], pair[1])));

      assertThat(outcome.done()).isEmpty();
      assertThat(outcome.warnings()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev.sluice.registry.ConfluentAvroSerializer", "a.B"})
  void shouldWarnOnceOfARegistryThatIsAwayAndGoOn(String serializer) {
    var setting = Map.of("sluice.serializer.class", serializer);
    assertThat(RegistrySetup.ensure(config("http://127.0.0.1:1", setting)).warnings())
        .singleElement()
        .asString()
        .startsWith("The schema registry is unavailable")
        .endsWith("the registry is not set up, the next start tries again");
  }

  @Test
  void shouldWarnOfARegistryThatRefusesTheLevelAndRegisterAllTheSame() throws Exception {
    try (var server = RegistryServer.start(0, null);
        var registry = SchemaRegistries.from(Map.of("schema.registry.url", server.url()))) {
      var level = Map.of("sluice.schema.compatibility", "BACKWARD");
      var outcome = RegistrySetup.ensure(config(server.url(), level));

      assertThat(outcome.warnings())
          .hasSize(3)
          .allSatisfy(
              warning ->
                  assertThat(warning)
                      .contains("holds every subject to FULL_TRANSITIVE, not to BACKWARD")
                      .endsWith("or set sluice.schema.compatibility=unchanged"));
      assertThat(registry.latest("t.request-status-value").version()).isEqualTo(1);
    }
  }

  @Test
  void shouldRegisterInARegistryThatLetsNobodySetLevels() {
    try (var server = new ScriptedServer(200, "")) {
      server.answer(
          exchange -> {
            var posted = exchange.getRequestMethod().equals("POST");
            var body = (posted ? "{\"id\":1}" : "<html>no</html>").getBytes(UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(posted ? 200 : 403, body.length);
            exchange.getResponseBody().write(body);
          });
      assertThat(RegistrySetup.ensure(config(server.url(), Map.of())).warnings())
          .hasSize(3)
          .allSatisfy(warning -> assertThat(warning).contains("is not set to FULL_TRANSITIVE"));
    }
  }

  @Test
  void shouldRefuseToStartWhereTheRegistryRefusesTheSchemas() throws Exception {
    var foreign = SchemaBuilder.record("other.Thing").fields().requiredString("a").endRecord();
    try (var server = RegistryServer.start(0, null);
        var registry = SchemaRegistries.from(Map.of("schema.registry.url", server.url()))) {
      registry.register("t.product-status-value", foreign);

      assertThatThrownBy(() -> RegistrySetup.ensure(config(server.url(), Map.of())))
          .isInstanceOf(OperatorException.class)
          .hasMessageContaining("under subject t.product-status-value")
          .hasMessageContaining("topic.prefix");
    }
  }

  @Test
  void shouldRegisterNothingForAnotherSerializer() throws Exception {
    try (var server = RegistryServer.start(0, null)) {
      var other = Map.of("sluice.serializer.class", "a.B");
      assertThat(RegistrySetup.ensure(config(server.url(), other)).warnings()).isEmpty();

      try (var registry = SchemaRegistries.from(Map.of("schema.registry.url", server.url()))) {
        assertThatThrownBy(() -> registry.latest("t.product-status-value"))
            .hasMessageContaining("There is no subject");
      }
    }
  }

  @Test
  void shouldWarnWhereOnlyConfluentsClientKnowsHowToReachTheRegistry() {
    var outcome =
        RegistrySetup.ensure(
            config(
                "http://127.0.0.1:1",
                Map.of(
                    "sluice.serializer.class",
                    "a.B",
                    "sluice.deserializer.class",
                    "a.C",
                    "bearer.auth.credentials.source",
                    "OAUTHBEARER")));
    assertThat(outcome.warnings()).singleElement().asString().contains("not supported");
  }

  private static SluiceConfig config(String url, Map<String, String> more) {
    var settings = new HashMap<>(more);
    settings.put("schema.registry.url", url);
    settings.put("topic.prefix", "t.");
    return SluiceConfig.of(settings);
  }
}
