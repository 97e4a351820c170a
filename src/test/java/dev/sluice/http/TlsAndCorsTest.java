package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The port with TLS, and with the pages of another origin let in; no worker runs. */
class TlsAndCorsTest {
  private static final String PASSWORD = "hush-hush";
  private static final String CONSOLE = "https://console.example.com";

  @TempDir private static Path folder;
  private static Path keystore;

  @BeforeAll
  static void makeKey() throws Exception {
    keystore = folder.resolve("sluice.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "sluice",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                keystore.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
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
  void shouldSpeakHttpsToThoseWhoKnowItsCertificate() throws Exception {
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
  void shouldSayWhichKeystoreCannotBeUsedAndNotItsPassword() {
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
  void shouldTellBrowsersOfTheOriginsThatAreLetInAndOfNoOther() throws Exception {
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
