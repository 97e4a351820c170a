package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.http.Probe.Asked;
import dev.sluice.http.Probe.Reply;
import dev.sluice.metrics.ExpositionFormat;
import dev.sluice.metrics.ProcessMetrics;
import io.javalin.config.RoutesConfig;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Metrics for Prometheus, in its text format or as OpenMetrics as requested. Reading all metrics is
 * expensive, so all requests within a second get the same answer.
 */
public final class MetricsEndpoint implements Endpoint {

  /** Default path of scrapers. */
  public static final String PATH = "/metrics";

  private static final long KEPT_NS = 1_000_000_000;

  private final ProcessMetrics metrics;
  private final LongSupplier nanoTime;
  private final Map<ExpositionFormat, Scraped> last = new ConcurrentHashMap<>();

  private record Scraped(long atNs, byte[] text) {}

  /**
   * Creates the endpoint of a process.
   *
   * @param metrics read at most once a second
   */
  public MetricsEndpoint(ProcessMetrics metrics) {
    this(metrics, System::nanoTime);
  }

  MetricsEndpoint(ProcessMetrics metrics, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Probe.addTo(routes, probes());
  }

  @Override
  public Map<String, Probe> probes() {
    return Map.of(PATH, this::metrics);
  }

  private Reply metrics(Asked asked) {
    var refused = HostNameFilter.refusal(asked);
    if (refused != null) {
      return refused;
    }
    var format = ExpositionFormat.of(asked.accept());
    return new Reply(ApiGuard.OK, format.contentType(), scraped(format));
  }

  /** Concurrent requests for the same format wait for one reading. */
  byte[] scraped(ExpositionFormat format) {
    var found =
        last.compute(
            format,
            (key, known) -> {
              var now = nanoTime.getAsLong();
              return known != null && now - known.atNs() < KEPT_NS
                  ? known
                  : new Scraped(now, metrics.scrape(key).getBytes(UTF_8));
            });
    return found.text();
  }
}
