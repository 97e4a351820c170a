package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.health.Health;
import dev.sluice.metrics.WorkerMetrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The port before a worker is there. */
class HttpPortTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SluiceConfig CONFIG =
      SluiceConfig.of(
          Map.of(
              "http.port", "0",
              "http.host", "127.0.0.1",
              "kafka.sasl.jaas.config", "hush1",
              "schema.registry.url", "http://user:hush2@localhost:8081",
              "basic.auth.user.info", "user:hush3",
              "kafka.security.protocol", "SASL_SSL",
              "kafka.nobody.knows", "hush4"));

  private static WorkerMetrics metrics;
  private static HttpPort port;
  private static HttpClient client;

  @BeforeAll
  static void open() {
    metrics = new WorkerMetrics();
    port =
        HttpPort.open(
            CONFIG,
            List.of(
                new HealthEndpoint(new Health(CONFIG)),
                new MetricsEndpoint(metrics),
                new InfoEndpoint(CONFIG)));
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void close() {
    client.close();
    port.close();
    metrics.close();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.port() + path));
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  @Test
  void shouldBeAliveAndNotReadyBeforeTheWorkerIsThere() throws Exception {
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    var ready = get("/health/ready");
    assertThat(ready.statusCode()).isEqualTo(503);
    var part = JSON.readTree(ready.body()).get("parts").get(0);
    assertThat(part.get("says").asText()).isEqualTo("the worker is starting");
    assertThat(part.get("since").asText()).startsWith("20");
    var all = get("/health");
    assertThat(all.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(all.body()).get("alive").asBoolean()).isTrue();
  }

  @Test
  void shouldAnswerInTheRequestedMetricFormat() throws Exception {
    var text = get("/metrics");
    assertThat(text.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(text.body()).contains("# TYPE sluice_memberships gauge").doesNotContain("# EOF");

    var open =
        client.send(
            request("/metrics")
                .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
                .build(),
            BodyHandlers.ofString());
    assertThat(open.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(open.body()).endsWith("# EOF\n");
  }

  @Test
  void shouldShowSettingsWithoutSecrets() throws Exception {
    var info = get("/info");

    assertThat(info.statusCode()).isEqualTo(200);
    assertThat(info.body()).doesNotContain("hush");
    var body = JSON.readTree(info.body());
    assertThat(body.get("commit").asText()).isNotEmpty();
    assertThat(body.get("settings").get("kafka.security.protocol").asText()).startsWith("SASL_SSL");
    assertThat(body.get("settings").get("kafka.nobody.knows").asText()).startsWith("[hidden]");
    assertThat(body.get("settings").get("threads").asText()).isEqualTo("2 (default)");
  }

  @Test
  void shouldAnswerNotFoundWithAProblem() throws Exception {
    var missing = get("/nothing?here");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(JSON.readTree(missing.body()).get("detail").asText())
        .isEqualTo("no resource at /nothing");

    var post =
        client.send(
            request("/info").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
    assertThat(post.statusCode()).isEqualTo(405);
  }

  @Test
  void shouldNameTheSettingToChangeIfThePortIsTaken() {
    var taken = SluiceConfig.of(Map.of("http.port", "" + port.port(), "http.host", "127.0.0.1"));

    assertThatThrownBy(() -> HttpPort.open(taken, List.of()).close())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("port " + port.port() + " of 127.0.0.1")
        .hasMessageContaining("set http.port");
  }

  @Test
  void shouldReportThatTheHostCannotBeBound() {
    var nowhere = SluiceConfig.of(Map.of("http.port", "0", "http.host", "nowhere.invalid"));

    assertThatThrownBy(() -> HttpPort.open(nowhere, List.of()).close())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("port 0 of nowhere.invalid (this name has no address)")
        .hasMessageContaining("http.host sets the address");
  }

  @Test
  void shouldReportAnUnknownCommit() {
    assertThat(BuildInfo.commit(new Properties())).isEqualTo("unknown");
    var changed = new Properties();
    changed.putAll(Map.of("git.commit.id.full", "abc", "git.dirty", "true"));
    assertThat(BuildInfo.commit(changed)).isEqualTo("abc+");
  }
}
