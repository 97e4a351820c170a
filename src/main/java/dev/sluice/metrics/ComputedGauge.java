package dev.sluice.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A gauge whose series are computed at each scrape. A series that was there once stays, at 0: a
 * series that vanished would leave open whether its value is still the last.
 */
final class ComputedGauge implements Collector {
  private final Metric metric;
  private final Supplier<Map<List<String>, Double>> values;
  private final Set<List<String>> seen = ConcurrentHashMap.newKeySet();

  /**
   * Creates the gauge.
   *
   * @param values returns the value for each list of label values, whose number is bounded
   */
  ComputedGauge(Metric metric, Supplier<Map<List<String>, Double>> values) {
    this.metric = metric;
    this.values = values;
  }

  @Override
  public MetricSnapshot collect() {
    var now = new HashMap<>(values.get());
    seen.addAll(now.keySet());
    var names = metric.labels().toArray(String[]::new);
    var snapshot = GaugeSnapshot.builder().name(metric.prometheusName()).help(metric.help());
    for (var labels : seen) {
      snapshot.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of(names, labels.toArray(String[]::new)))
              .value(now.getOrDefault(labels, 0.0))
              .build());
    }
    return snapshot.build();
  }

  @Override
  public String getPrometheusName() {
    return metric.prometheusName();
  }
}
