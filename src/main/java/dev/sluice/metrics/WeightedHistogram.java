package dev.sluice.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * A histogram that records a value any number of times at once. Thousands of commands written
 * together cost as much as one; Micrometer's histograms record values one at a time.
 */
final class WeightedHistogram implements Collector {
  private final Metric metric;
  private final double[] bounds;
  private final Map<Labels, Series> series = new ConcurrentHashMap<>();

  /** The counts for one label value. */
  private static final class Series {
    final LongAdder[] counts;
    final DoubleAdder sum = new DoubleAdder();

    Series(int buckets) {
      counts = new LongAdder[buckets];
      Arrays.setAll(counts, i -> new LongAdder());
    }
  }

  /**
   * Creates an empty histogram.
   *
   * @param bounds the upper bounds of the buckets, ascending; an unbounded one is added
   */
  WeightedHistogram(Metric metric, double... bounds) {
    this.metric = metric;
    this.bounds = Arrays.copyOf(bounds, bounds.length + 1);
    this.bounds[bounds.length] = Double.POSITIVE_INFINITY;
    if (metric.labels().isEmpty()) {
      series.put(Labels.EMPTY, new Series(this.bounds.length));
    }
  }

  /** Creates the series of a label value at 0, so that the first value shows as an increase. */
  void expect(String label) {
    series(Labels.of(metric.labels().getFirst(), label));
  }

  private Series series(Labels labels) {
    return series.computeIfAbsent(labels, l -> new Series(bounds.length));
  }

  /** Records a value a number of times. */
  void record(double value, long times) {
    record(Labels.EMPTY, value, times);
  }

  /** Records a value with a label value. */
  void record(String label, double value) {
    record(Labels.of(metric.labels().getFirst(), label), value, 1);
  }

  private void record(Labels labels, double value, long times) {
    var of = series(labels);
    int at = Arrays.binarySearch(bounds, value);
    of.counts[at < 0 ? -at - 1 : at].add(times);
    of.sum.add(value * times);
  }

  @Override
  public MetricSnapshot collect() {
    var snapshot = HistogramSnapshot.builder().name(metric.prometheusName()).help(metric.help());
    series.forEach(
        (labels, of) -> {
          var counts = Arrays.stream(of.counts).mapToLong(LongAdder::sum).toArray();
          snapshot.dataPoint(
              HistogramDataPointSnapshot.builder()
                  .labels(labels)
                  .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                  .sum(of.sum.sum())
                  .build());
        });
    return snapshot.build();
  }

  @Override
  public String getPrometheusName() {
    return metric.prometheusName();
  }
}
