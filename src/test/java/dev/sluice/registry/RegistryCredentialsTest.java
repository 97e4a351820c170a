package dev.sluice.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class RegistryCredentialsTest {
  private static final Schema SCHEMA =
      SchemaBuilder.record("test.Thing").fields().requiredString("name").endRecord();
  private static final String SECRET = "hunter2";

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void shouldCallRefusedCredentialsUnavailableAtOnceAndSayWhatToCheck(int status) {
    try (ScriptedServer server =
            new ScriptedServer(status, "{\"error_code\":401,\"message\":\"Unauthorized\"}");
        SchemaRegistry registry = client(server.url().replace("//", "//ada:" + SECRET + "@"))) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1))
          .withMessageContaining("HTTP " + status)
          .withMessageContaining("basic.auth.user.info")
          .withMessageNotContaining(SECRET)
          .withMessageNotContaining("ada");
      assertThat(server.seen()).hasSize(1);
    }
  }

  @Test
  void shouldSendCredentialsFromTheUrl() {
    try (ScriptedServer server = new ScriptedServer(200, "{\"id\":1}");
        SchemaRegistry registry = client(server.url().replace("//", "//ada:p%40ss+1@"))) {
      registry.register("s", SCHEMA);

      assertThat(server.seen().getFirst().authorization()).isEqualTo(basic("ada:p@ss+1"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldSendCredentialsFromTheUserInfo(boolean asPassword) {
    try (ScriptedServer server = new ScriptedServer(200, "{\"id\":1}");
        SchemaRegistry registry =
            client(
                Map.of(
                    "schema.registry.url",
                    List.of(server.url()),
                    "basic.auth.credentials.source",
                    "USER_INFO",
                    "basic.auth.user.info",
                    asPassword ? new Password("ada:x:y") : "ada:x:y"))) {
      registry.register("s", SCHEMA);

      assertThat(server.seen().getFirst().authorization()).isEqualTo(basic("ada:x:y"));
    }
  }

  @Test
  void shouldSendABearerTokenInPlaceOfTheUrlsCredentials() {
    try (ScriptedServer server = new ScriptedServer(200, "{\"id\":1}");
        SchemaRegistry registry =
            client(bearer(server.url().replace("//", "//ada:x@"), " " + SECRET + "._~+/-== "))) {
      registry.register("s", SCHEMA);

      assertThat(server.seen().getFirst().authorization())
          .isEqualTo("Bearer " + SECRET + "._~+/-==");
    }
  }

  @Test
  void shouldNotShowATokenThatIsRefused() {
    try (ScriptedServer server =
            new ScriptedServer(401, "{\"error_code\":401,\"message\":\"Unauthorized\"}");
        SchemaRegistry registry = client(bearer(server.url(), SECRET))) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1))
          .withMessageContaining("bearer.auth.token")
          .satisfies(e -> assertThat(stackTrace(e)).doesNotContain(SECRET));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hunter2\nX-Other: 1", "hunter2 hunter2", "hunter2\u00e9"})
  void shouldRejectWhatCannotBeATokenWithoutShowingIt(String token) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> client(bearer("http://host", token)))
        .withMessageContaining("bearer.auth.token")
        .satisfies(e -> assertThat(stackTrace(e)).doesNotContain(SECRET));
  }

  @Test
  void shouldRejectSourcesOfTokensThatItDoesNotHave() {
    var settings = bearer("http://host", SECRET);
    settings.put("bearer.auth.credentials.source", "OAUTHBEARER");
    assertThatThrownBy(() -> client(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("not supported")
        .hasMessageContaining("STATIC_TOKEN");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://ada:hunter2/x@host:8081",
        "http://ada:hunter2 x@host:8081",
        "http://ada:hunter2@under_score:8081",
        "http://ada:hunter2@host:8081?a=b",
        "ftp://ada:hunter2@host:8081",
        "http://ada:hunter2^@host",
      })
  void shouldRejectAnUnusableUrlWithoutShowingCredentials(String url) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> client(url))
        .withMessageContaining("schema.registry.url")
        .satisfies(e -> assertThat(e).hasStackTraceContaining("***@"))
        .satisfies(e -> assertThat(stackTrace(e)).doesNotContain(SECRET));
  }

  @Test
  void shouldRejectUnsupportedCredentialSources() {
    Map<String, Object> configs = new HashMap<>(Map.of("schema.registry.url", "http://host"));
    configs.put("basic.auth.credentials.source", "SASL_INHERIT");
    assertThatThrownBy(() -> client(configs))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("not supported")
        .hasMessageContaining("USER_INFO");

    configs.put("basic.auth.credentials.source", "elsewhere");
    assertThatThrownBy(() -> client(configs))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("URL or USER_INFO");

    configs.put("basic.auth.credentials.source", "USER_INFO");
    configs.put("basic.auth.user.info", SECRET);
    assertThatThrownBy(() -> client(configs))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("user:password")
        .hasMessageNotContaining(SECRET);
  }

  private static Map<String, Object> bearer(String url, String token) {
    return new HashMap<>(
        Map.of(
            "schema.registry.url",
            url,
            "bearer.auth.credentials.source",
            "STATIC_TOKEN",
            "bearer.auth.token",
            token));
  }

  private static SchemaRegistry client(String urls) {
    return client(Map.of("schema.registry.url", urls));
  }

  private static SchemaRegistry client(Map<String, ?> configs) {
    return SchemaRegistries.from(configs);
  }

  private static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private static String stackTrace(Throwable e) {
    var text = new StringWriter();
    e.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
