package dev.sluice.http;

import dev.sluice.health.Health;
import dev.sluice.http.Probe.Reply;
import io.javalin.config.RoutesConfig;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Liveness, readiness and the state of each part; status 200 for yes and 503 for no.
 *
 * @param health read at each request
 */
public record HealthEndpoint(Health health) implements Endpoint {

  /** Path of liveness: whether a restart is unnecessary. */
  public static final String LIVE = "/health/live";

  /** Path of readiness: whether the worker processes events without a large lag. */
  public static final String READY = "/health/ready";

  /** Path of the complete report. */
  public static final String ALL = "/health";

  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  @Override
  public void addTo(RoutesConfig routes) {
    Probe.addTo(routes, probes());
  }

  @Override
  public Map<String, Probe> probes() {
    return Map.of(LIVE, asked -> live(), READY, asked -> ready(), ALL, asked -> all());
  }

  private Reply live() {
    var alive = health.report().alive();
    return JsonResponses.reply(
        alive ? OK : UNAVAILABLE, Map.of("status", alive ? "alive" : "not alive"));
  }

  private Reply ready() {
    var report = health.report();
    return JsonResponses.reply(report.isReady() ? OK : UNAVAILABLE, body(report));
  }

  /** Returns the report with status 200 whatever its content. */
  private Reply all() {
    var report = health.report();
    var body = body(report);
    body.put("alive", report.alive());
    return JsonResponses.reply(OK, body);
  }

  private static Map<String, Object> body(Health.Report report) {
    var body = new LinkedHashMap<String, Object>();
    body.put("status", report.isReady() ? "ready" : "not ready");
    body.put("parts", report.parts().stream().map(HealthEndpoint::part).toList());
    return body;
  }

  private static Map<String, Object> part(Health.Standing standing) {
    var part = new LinkedHashMap<String, Object>();
    part.put("part", standing.check().part().name().toLowerCase(Locale.ROOT));
    part.put("ok", standing.check().ok());
    part.put("since", standing.since().toString());
    part.put("says", standing.check().text());
    return part;
  }
}
