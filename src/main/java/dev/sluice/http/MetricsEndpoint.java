package dev.sluice.http;

import dev.sluice.metrics.ExpositionFormat;
import dev.sluice.metrics.WorkerMetrics;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * The metrics, for Prometheus: in its text format, or as OpenMetrics where the request asks for it.
 *
 * @param metrics are read at each request
 */
public record MetricsEndpoint(WorkerMetrics metrics) implements Endpoint {

  /** Where a scraper looks if it is not told otherwise. */
  public static final String PATH = "/metrics";

  @Override
  public void addTo(RoutesConfig routes) {
    routes.get(PATH, this::metrics);
  }

  private void metrics(Context context) {
    var format = ExpositionFormat.of(context.header("Accept"));
    context.contentType(format.contentType()).result(metrics.scrape(format));
  }
}
