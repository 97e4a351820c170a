package dev.sluice.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests to the API, and how long they take. */
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
   * A request was answered.
   *
   * @param route one of few: the path as it is documented, without ids
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
