package dev.sluice.registry;

import static dev.sluice.registry.Certificates.Owner.CLIENT;
import static dev.sluice.registry.Certificates.Owner.ELSEWHERE;
import static dev.sluice.registry.Certificates.Owner.SERVER;
import static dev.sluice.registry.Certificates.PASSWORD;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry behind TLS, also one that misbehaves. */
@Timeout(60)
final class RegistryTlsTest {
  private static final String ANSWER = "{\"schema\":\"\\\"string\\\"\"}";
  private static final Schema STRING = Schema.create(Schema.Type.STRING);
  private static final String SSL = "schema.registry.ssl.";

  @TempDir private static Path folder;
  private static Certificates certificates;

  /** How keys and certificates are handed over. */
  enum Form {
    STORE,
    PEM_FILE,
    PEM_TEXT
  }

  @BeforeAll
  static void make() throws Exception {
    certificates = Certificates.make(folder);
  }

  @ParameterizedTest
  @EnumSource
  void shouldTrustWhomTheTruststoreHolds(Form form) throws Exception {
    try (var server = new ScriptedServer(certificates.server(SERVER), 200, ANSWER);
        var registry = client(server.url(), trust(form))) {
      assertThat(registry.byId(1)).isEqualTo(STRING);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldShowItsCertificateToARegistryThatAsksForOne(Form form) throws Exception {
    var settings = new HashMap<>(trust(form));
    settings.putAll(identity(form));
    try (var server = new ScriptedServer(certificates.server(SERVER, CLIENT), 200, ANSWER);
        var registry = client(server.url(), settings)) {
      assertThat(registry.byId(1)).isEqualTo(STRING);
    }
  }

  @Test
  void shouldSayWhatToCheckWhereTheRegistryAsksForACertificate() throws Exception {
    try (var server = new ScriptedServer(certificates.server(SERVER, CLIENT), 200, ANSWER);
        var registry = client(server.url(), trust(Form.STORE))) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1))
          .withMessageContaining(SSL + "keystore.location");
      assertThat(server.seen()).isEmpty();
    }
  }

  /** As one may that wants a certificate: its reason is lost where it is quick to reset. */
  @Test
  void shouldSayTheSameWhereTheRegistryHangsUp() throws Exception {
    try (var server = new ScriptedServer(certificates.server(SERVER), 200, ANSWER);
        var registry = client(server.url(), trust(Form.STORE))) {
      server.answer(HttpExchange::close);
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1))
          .withMessageContaining("the connection failed")
          .withMessageContaining(SSL + "keystore.location");
    }
  }

  @Test
  void shouldTellNothingToARegistryThatNobodyVouchesFor() {
    try (var server = new ScriptedServer(certificates.server(SERVER), 200, ANSWER);
        var registry = client(server.url(), Map.of())) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1))
          .withMessageContaining("the registry's certificate is not accepted")
          .withMessageContaining(SSL + "truststore.location");
      assertThat(server.seen()).isEmpty();
    }
  }

  @Test
  void shouldTellNothingToARegistryOfAnotherName() {
    var pem = certificates.certificate(ELSEWHERE);
    var settings = Map.of(SSL + "truststore.type", "PEM", SSL + "truststore.certificates", pem);
    try (var server = new ScriptedServer(certificates.server(ELSEWHERE), 200, ANSWER);
        var registry = client(server.url(), settings)) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1))
          .withMessageContaining("check that the URL has the name in the certificate");
      assertThat(server.seen()).isEmpty();
    }
  }

  @Test
  void shouldSayThatWhatAnswersDoesNotSpeakTls() throws Exception {
    try (var plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var registry = client("https://127.0.0.1:" + plain.getLocalPort(), trust(Form.STORE))) {
      Thread.ofVirtual().start(() -> refuse(plain));

      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1))
          .withMessageContaining("check that the registry speaks TLS at this port");
    }
  }

  /** As a server without TLS does. */
  private static void refuse(ServerSocket plain) {
    while (true) {
      try (var connection = plain.accept()) {
        connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
        connection.getInputStream().readAllBytes();
      } catch (IOException e) {
        if (plain.isClosed()) {
          return;
        }
      }
    }
  }

  @Test
  void shouldGiveUpOnAHandshakeThatIsNotAnswered() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var registry = client("https://127.0.0.1:" + silent.getLocalPort(), impatient())) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1))
          .withMessageContaining("no answer within 200 ms");
    }
  }

  /** Tests settings that do not depend on TLS. */
  @ParameterizedTest
  @EnumSource(names = {"HANGS", "CLOSES", "BREAKS_OFF", "NEVER_ENDS", "UNAUTHORIZED", "BROKEN"})
  void shouldGoOnWithTheNextUrlWhateverTheFirstDoes(Misbehaviour misbehaviour) throws Exception {
    try (var first = new ScriptedServer(certificates.server(SERVER), 200, "");
        var next = new ScriptedServer(certificates.server(SERVER), 200, ANSWER);
        var registry = client(first.url() + "," + next.url(), trust(Form.STORE))) {
      first.answer(misbehaviour);

      assertThat(registry.byId(1)).isEqualTo(STRING);
      assertThat(registry.byId(2)).isEqualTo(STRING);
      assertThat(next.seen()).hasSize(2);
    }
  }

  @Test
  void shouldGoOnWithTheNextUrlWhenTheFirstIsNotTrusted() throws Exception {
    try (var first = new ScriptedServer(certificates.server(ELSEWHERE), 200, ANSWER);
        var next = new ScriptedServer(certificates.server(SERVER), 200, ANSWER);
        var registry = client(first.url() + "," + next.url(), trust(Form.STORE))) {
      assertThat(registry.byId(1)).isEqualTo(STRING);
      assertThat(first.seen()).isEmpty();
    }
  }

  @Test
  void shouldPauseLongerBeforeEachPassOverTheUrls() throws Exception {
    var requests = new AtomicInteger();
    var times = new long[3];
    try (var server = new ScriptedServer(certificates.server(SERVER), 200, "");
        var registry = client(server.url(), trust(Form.STORE))) {
      server.answer(
          exchange -> {
            int request = requests.getAndIncrement();
            times[request] = System.nanoTime();
            if (request == 2) {
              server.answer(200, ANSWER);
            }
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(503, -1);
          });

      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.byId(1));
      assertThat(registry.byId(1)).isEqualTo(STRING);
    }
    assertThat(times[1] - times[0]).isGreaterThanOrEqualTo(100_000_000);
    assertThat(times[2] - times[1]).isGreaterThanOrEqualTo(200_000_000);
  }

  @Test
  void shouldRememberOnlySoMuch() throws Exception {
    var large = "x".repeat((int) LookupCache.WEIGHT_MAX / 3);
    var answer = "{\"schema\":\"{\\\"type\\\":\\\"string\\\",\\\"x\\\":\\\"%s\\\"}\"}";
    try (var server =
            new ScriptedServer(certificates.server(SERVER), 200, answer.formatted(large));
        var registry = client(server.url(), trust(Form.STORE))) {
      for (int id = 0; id < 3; id++) {
        registry.byId(id);
      }
      registry.byId(2);
      assertThat(server.seen()).hasSize(3);

      registry.byId(0);
      assertThat(server.seen()).hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "password", "type", "key"})
  void shouldSayWhichSettingsCannotBeUsedAndNoSecret(String wrong) throws Exception {
    var settings = new HashMap<>(trust(wrong.equals("type") ? Form.PEM_FILE : Form.STORE));
    switch (wrong) {
      case "missing" -> settings.put(SSL + "truststore.location", folder + "/nowhere");
      case "password" -> settings.put(SSL + "truststore.password", "other-hunter2");
      case "type" -> settings.remove(SSL + "truststore.type");
      default -> {
        settings.put(SSL + "keystore.type", "PEM");
        settings.put(SSL + "keystore.key", "hunter2");
        settings.put(SSL + "keystore.certificate.chain", "hunter2");
      }
    }
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> client("https://127.0.0.1:1", settings))
        .withMessageContaining("schema.registry.ssl.…")
        .satisfies(e -> assertThat(Utils.stackTrace(e)).doesNotContain("hunter2"));
  }

  private static Map<String, String> impatient() throws Exception {
    var settings = new HashMap<>(trust(Form.STORE));
    settings.put("schema.registry.request.timeout.ms", "200");
    return settings;
  }

  private static Map<String, String> trust(Form form) throws Exception {
    var pem = certificates.certificate(SERVER);
    return switch (form) {
      case STORE ->
          Map.of(
              SSL + "truststore.location",
              certificates.store(SERVER).toString(),
              SSL + "truststore.password",
              PASSWORD);
      case PEM_FILE ->
          Map.of(
              SSL + "truststore.location",
              Files.writeString(folder.resolve("trusted.pem"), pem).toString(),
              SSL + "truststore.type",
              "PEM");
      case PEM_TEXT -> Map.of(SSL + "truststore.certificates", pem, SSL + "truststore.type", "PEM");
    };
  }

  private static Map<String, String> identity(Form form) throws Exception {
    var pem = certificates.certificate(CLIENT);
    var key = certificates.key(CLIENT);
    return switch (form) {
      case STORE ->
          Map.of(
              SSL + "keystore.location",
              certificates.store(CLIENT).toString(),
              SSL + "keystore.password",
              PASSWORD,
              SSL + "key.password",
              PASSWORD,
              SSL + "keystore.type",
              "PKCS12");
      case PEM_FILE ->
          Map.of(
              SSL + "keystore.location",
              Files.writeString(folder.resolve("identity.pem"), key + pem).toString(),
              SSL + "keystore.type",
              "PEM");
      case PEM_TEXT ->
          Map.of(
              SSL + "keystore.key",
              key,
              SSL + "keystore.certificate.chain",
              pem,
              SSL + "keystore.type",
              "PEM");
    };
  }

  private static SchemaRegistry client(String urls, Map<String, String> tls) {
    var settings = new HashMap<>(tls);
    settings.put("schema.registry.url", urls);
    return SchemaRegistries.from(settings);
  }
}
