package dev.sluice.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Metrics of API requests: number and duration. */
public final class ApiMetrics {
  private static final int CLASS = 100;

  private record Key(String route, int statusClass) {}

  private final Meters meters;
  private final WeightedHistogram durations;
  private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

  ApiMetrics(Meters meters) {
    this.meters = meters;
    durations = meters.histogram(Metric.API_DURATION, Buckets.TRANSACTION);
  }

  /**
   * Counts a request.
   *
   * @param route the documented path, without ids, so that there are few values
   */
  public void answered(String route, int status, double seconds) {
    counts
        .computeIfAbsent(
            new Key(route, status / CLASS),
            key -> meters.counter(Metric.API_REQUESTS, key.route, key.statusClass + "xx"))
        .increment();
    durations.record(route, seconds);
  }
}
