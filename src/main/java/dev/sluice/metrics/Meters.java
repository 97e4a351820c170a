package dev.sluice.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Creates the meters of a {@link Metric} for given label values. */
final class Meters {
  private final PrometheusMeterRegistry registry;

  Meters(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  /** Creates a thread-safe counter. */
  LongAdder counter(Metric metric, String... values) {
    var count = new LongAdder();
    FunctionCounter.builder(metric.meter(), count, LongAdder::sum)
        .description(metric.help())
        .tags(tags(metric, values))
        .register(registry);
    return count;
  }

  /** Creates a gauge whose value is read at each scrape. */
  void gauge(Metric metric, DoubleSupplier value, String... values) {
    Gauge.builder(metric.meter(), value, DoubleSupplier::getAsDouble)
        .description(metric.help())
        .baseUnit(metric.unit())
        .strongReference(true)
        .tags(tags(metric, values))
        .register(registry);
  }

  /** Creates a gauge whose series are computed at each scrape, by the values of their labels. */
  void gauges(Metric metric, Supplier<Map<List<String>, Double>> values) {
    registry.getPrometheusRegistry().register(new ComputedGauge(metric, values));
  }

  /** Creates a histogram; the label, if any, is given with each value. */
  WeightedHistogram histogram(Metric metric, double... bounds) {
    var histogram = new WeightedHistogram(metric, bounds);
    registry.getPrometheusRegistry().register(histogram);
    return histogram;
  }

  private static Tags tags(Metric metric, String... values) {
    if (metric.labels().size() != values.length) {
      throw new IllegalArgumentException(metric + " has the labels " + metric.labels());
    }
    var tags = new ArrayList<Tag>();
    for (int i = 0; i < values.length; i++) {
      tags.add(Tag.of(metric.labels().get(i), values[i]));
    }
    return Tags.of(tags);
  }
}
