package dev.sluice.prom;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.testing.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Prometheus as a process of its own, on loopback, with rules and targets of the test's. */
public final class PrometheusServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final int OK = 200;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String url;
  private final Path targets;

  private PrometheusServer(Process process, int port, Path targets) {
    this.process = process;
    this.url = "http://127.0.0.1:" + port;
    this.targets = targets;
  }

  /** Starts it; it scrapes and evaluates that often, and scrapes nothing yet. */
  public static PrometheusServer start(Path folder, String rules, Duration every) throws Exception {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("rules.yml"), rules);
    var targets = folder.resolve("targets.json");
    Files.writeString(targets, "[]");
    Files.writeString(
        folder.resolve("prometheus.yml"),
        """
        global:
          scrape_interval: %1$dms
          scrape_timeout: %1$dms
          evaluation_interval: %1$dms
        rule_files: [rules.yml]
        scrape_configs:
          - job_name: sluice
            file_sd_configs:
              - files: [targets.json]
                refresh_interval: 1s
        """
            .formatted(every.toMillis()));
    var port = FreePorts.next();
    var process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log.txt").toFile())
            .start();
    var server = new PrometheusServer(process, port, targets);
    try {
      Awaitility.await("Prometheus is ready")
          .atMost(START_MAX)
          .ignoreExceptions()
          .until(() -> server.status("/-/ready") == OK);
    } catch (RuntimeException e) {
      server.close();
      throw new AssertionError(Files.readString(folder.resolve("log.txt")), e);
    }
    return server;
  }

  /** From now on it scrapes these ports as the job of the workers, and no others. */
  public void scrape(int... ports) throws IOException {
    scrapeAs("sluice", ports);
  }

  /** From now on it scrapes these ports as that job, and no others. */
  public void scrapeAs(String job, int... ports) throws IOException {
    var addresses = new ArrayList<String>();
    for (var port : ports) {
      addresses.add("127.0.0.1:" + port);
    }
    var next = targets.resolveSibling("next.json");
    JSON.writeValue(
        next.toFile(),
        ports.length == 0
            ? List.of()
            : List.of(Map.of("targets", addresses, "labels", Map.of("job", job))));
    Files.move(next, targets, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** One series of an answer. */
  public record Series(Map<String, String> labels, List<Point> points) {
    /** The last value. */
    public double value() {
      return points.getLast().value();
    }
  }

  /** A value at a time in seconds since the epoch. */
  public record Point(double at, double value) {}

  /** Returns the present value of an expression. */
  public List<Series> query(String expression) {
    return series(get("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8)));
  }

  /** Returns the values of an expression over time. */
  public List<Series> query(String expression, Instant from, Instant until, Duration step) {
    return series(
        get(
            "/api/v1/query_range?query=%s&start=%s&end=%s&step=%s"
                .formatted(
                    URLEncoder.encode(expression, UTF_8), from, until, step.toMillis() / 1e3)));
  }

  /** The expressions of the alerts that it has, by name, as it understood them. */
  public Map<String, String> alerts() {
    var alerts = new LinkedHashMap<String, String>();
    for (var group : get("/api/v1/rules?type=alert").get("groups")) {
      for (var rule : group.get("rules")) {
        alerts.put(rule.get("name").asText(), rule.get("query").asText());
      }
    }
    return alerts;
  }

  private static List<Series> series(JsonNode data) {
    var found = new ArrayList<Series>();
    for (var each : data.get("result")) {
      var labels = new LinkedHashMap<String, String>();
      each.get("metric").properties().forEach(l -> labels.put(l.getKey(), l.getValue().asText()));
      var points = new ArrayList<Point>();
      if (each.has("value")) {
        points.add(point(each.get("value")));
      }
      each.path("values").forEach(value -> points.add(point(value)));
      found.add(new Series(labels, points));
    }
    return found;
  }

  private static Point point(JsonNode pair) {
    var value = pair.get(1).asText();
    return new Point(
        pair.get(0).asDouble(),
        switch (value) {
          case "+Inf" -> Double.POSITIVE_INFINITY;
          case "-Inf" -> Double.NEGATIVE_INFINITY;
          default -> Double.parseDouble(value);
        });
  }

  private JsonNode get(String path) {
    try {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString());
      if (answer.statusCode() != OK) {
        throw new AssertionError(path + ": " + answer.body());
      }
      return JSON.readTree(answer.body()).get("data");
    } catch (IOException e) {
      throw new AssertionError(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(path, e);
    }
  }

  private int status(String path) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    client.close();
  }
}
