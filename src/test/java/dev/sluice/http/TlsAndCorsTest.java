package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cli.Ran;
import dev.sluice.cli.SluiceCommand;
import dev.sluice.config.ApiKeys;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.health.Health;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The port with TLS, and with the pages of another origin let in; no worker runs. */
class TlsAndCorsTest {
  private static final String PASSWORD = "hush-hush";
  private static final String CONSOLE = "https://console.example.com";

  @TempDir private static Path folder;
  private static Path keystore;

  @BeforeAll
  static void makeKey() throws Exception {
    keystore = key("sluice", "SAN=dns:localhost,ip:127.0.0.1");
  }

  private static Path key(String name, String names) throws Exception {
    var file = folder.resolve(name + ".p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "sluice",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                names,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
    return file;
  }

  private static SluiceConfig config(Map<String, String> more) {
    var settings = new HashMap<>(Map.of("http.port", "0", "http.host", "127.0.0.1"));
    settings.putAll(more);
    return SluiceConfig.of(settings);
  }

  private static HttpResponse<String> send(
      HttpClient client, String scheme, HttpPort port, String method, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port.port() + "/v1/products"))
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void shouldServeHttpsToClientsThatTrustItsCertificate() throws Exception {
    var config =
        config(
            Map.of(
                "http.tls.keystore",
                keystore.toString(),
                "http.tls.keystore.password",
                PASSWORD,
                "http.tls.truststore",
                keystore.toString(),
                "http.tls.truststore.password",
                PASSWORD));
    try (var api = Api.of(config, ApiObserver.NONE);
        var port = HttpPort.open(config, List.of(api.endpoint()));
        var knows = Tls.client(config, Duration.ofSeconds(5));
        var others = HttpClient.newHttpClient()) {
      var answer = send(knows, "https", port, "GET");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("the worker is starting");
      assertThatThrownBy(() -> send(others, "https", port, "GET"))
          .isInstanceOf(SSLHandshakeException.class);
      assertThatThrownBy(() -> send(others, "http", port, "GET").statusCode())
          .isInstanceOf(java.io.IOException.class);
    }
  }

  @Test
  @ResourceLock(Resources.SYSTEM_ERR)
  void shouldAnswerACommandThatIsGivenTheCertificate() throws Exception {
    var config =
        config(
            Map.of(
                "http.tls.keystore", keystore.toString(), "http.tls.keystore.password", PASSWORD));
    var own = pem(keystore);
    var another = pem(key("another", "SAN=dns:localhost"));
    try (var api = Api.of(config, ApiObserver.NONE);
        var port = HttpPort.open(config, List.of(api.endpoint()))) {
      var url = "https://localhost:" + port.port() + "/";
      assertThat(products(url, "--cacert", own.toString()))
          .contains("sluice: the worker is starting");
      assertThat(products(url))
          .contains("sluice: no secure connection to a worker at " + url, "--cacert");
      assertThat(products(url, "--cacert", another.toString()))
          .contains("sluice: no secure connection to a worker at " + url);
      assertThat(products(url, "--cacert", keystore.toString()))
          .contains("(--cacert or SLUICE_CACERT) is not a file of certificates in PEM");
      assertThat(products(url, "--cacert", folder.resolve("none").toString()))
          .contains("cannot read the certificates in " + folder.resolve("none"));
    }
  }

  private static Path pem(Path keystore) throws Exception {
    var store = KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray());
    return Files.writeString(
        Path.of(keystore + ".pem"),
        "The one that is trusted:\n-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(store.getCertificate("sluice").getEncoded())
            + "\n-----END CERTIFICATE-----\n");
  }

  /** The command's output on standard error. */
  private static String products(String url, String... more) {
    var arguments = new ArrayList<>(List.of("products", "--url", url));
    arguments.addAll(List.of(more));
    var ran = Ran.of(arguments.toArray(String[]::new));
    assertThat(ran.status()).isNotZero();
    return ran.said();
  }

  /** As a container's health check does, where the certificate has the service's name alone. */
  @Test
  void shouldAcceptAnyLocalNameFromClientsWithItsCertificate() throws Exception {
    var own = withKey(key("elsewhere", "SAN=dns:sluice.example.com"));
    var other = withKey(key("other", "SAN=dns:sluice.example.com"));
    try (var port = HttpPort.open(own, List.of(new HealthEndpoint(new Health(own))));
        var knows = OwnCertificateTrust.client(own, Duration.ofSeconds(5));
        var deceived = OwnCertificateTrust.client(other, Duration.ofSeconds(5))) {
      assertThat(send(knows, "https", port, "GET").statusCode()).isEqualTo(404);
      assertThatThrownBy(() -> send(deceived, "https", port, "GET"))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("differs from the one in http.tls.keystore");
      var settings =
          List.of(
              "-o",
              "http.port=" + port.port(),
              "-o",
              "http.host=127.0.0.1",
              "-o",
              "http.tls.keystore.password=" + PASSWORD,
              "-o",
              "http.tls.keystore=");
      assertThat(health(settings, own, "--live")).isZero();
      assertThat(health(settings, own)).as("not ready").isEqualTo(1);
      assertThat(health(settings, other, "--live")).isEqualTo(1);
    }
  }

  private static int health(List<String> settings, SluiceConfig key, String... more) {
    var arguments = new ArrayList<>(List.of("health"));
    arguments.addAll(settings);
    arguments.add(arguments.removeLast() + key.find(ApiKeys.TLS_KEYSTORE));
    arguments.addAll(List.of(more));
    return SluiceCommand.execute(arguments.toArray(String[]::new));
  }

  private static SluiceConfig withKey(Path file) {
    return config(
        Map.of("http.tls.keystore", file.toString(), "http.tls.keystore.password", PASSWORD));
  }

  @Test
  void shouldCloseAConnectionWithoutHandshake() throws Exception {
    var config =
        config(
            Map.of(
                "http.tls.keystore",
                keystore.toString(),
                "http.tls.keystore.password",
                PASSWORD,
                "http.idle.timeout.ms",
                "1500"));
    try (var port = HttpPort.open(config, List.of());
        var socket = new Socket("127.0.0.1", port.port())) {
      socket.setSoTimeout(60_000);
      // The head of a record, and nothing that it announces.
      socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
      socket.getOutputStream().flush();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void shouldReportAMissingKeystore() {
    var config = config(Map.of("http.tls.keystore", folder.resolve("none").toString()));

    assertThatThrownBy(() -> HttpPort.open(config, List.of()).close())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("the file does not exist");
  }

  @Test
  void shouldNameAnUnusableKeystoreWithoutItsPassword() {
    var config =
        config(
            Map.of(
                "http.tls.keystore",
                keystore.toString(),
                "http.tls.keystore.password",
                "hush-wrong"));

    assertThatThrownBy(() -> HttpPort.open(config, List.of()).close())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("http.tls.keystore is " + keystore)
        .hasMessageNotContaining("hush");
  }

  @Test
  void shouldAllowConfiguredOriginsOnly() throws Exception {
    var config = config(Map.of("http.cors.origins", CONSOLE));
    try (var api = Api.of(config, ApiObserver.NONE);
        var port = HttpPort.open(config, List.of(api.endpoint()));
        var client = HttpClient.newHttpClient()) {
      var asked = send(client, "http", port, "OPTIONS", "Origin", CONSOLE);
      assertThat(asked.statusCode()).isEqualTo(204);
      assertThat(asked.headers().firstValue("Access-Control-Allow-Origin")).contains(CONSOLE);
      var other = send(client, "http", port, "OPTIONS", "Origin", "https://evil.example.com");
      assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }
    var none = config(Map.of());
    try (var api = Api.of(none, ApiObserver.NONE);
        var port = HttpPort.open(none, List.of(api.endpoint()));
        var client = HttpClient.newHttpClient()) {
      assertThat(
              send(client, "http", port, "GET", "Origin", CONSOLE)
                  .headers()
                  .firstValue("Access-Control-Allow-Origin"))
          .isEmpty();
    }
  }
}
