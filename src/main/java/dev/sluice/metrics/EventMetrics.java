package dev.sluice.metrics;

import dev.sluice.product.EventObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Counts events by type and outcome. What is tried again after a failure is counted again: the
 * topics are exact, the counters are not.
 */
public final class EventMetrics implements EventObserver {

  /** Events decided, with the tags type and outcome. */
  public static final String EVENTS = "sluice.events";

  private record Key(String type, String outcome) {}

  private final MeterRegistry registry;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

  /** Counts in that registry. */
  public EventMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void decided(String type, String outcome) {
    counters
        .computeIfAbsent(
            new Key(type, outcome),
            key ->
                Counter.builder(EVENTS)
                    .description("Events read from product-events, by type and outcome")
                    .tag("type", key.type)
                    .tag("outcome", key.outcome)
                    .register(registry))
        .increment();
  }

  /** Events by outcome, over all types, in words: {@code 12 applied, 1 duplicate}. */
  @Override
  public String toString() {
    var sums = new TreeMap<String, Long>();
    counters.forEach((key, counter) -> sums.merge(key.outcome, (long) counter.count(), Long::sum));
    return sums.isEmpty()
        ? "none"
        : sums.entrySet().stream()
            .map(sum -> sum.getValue() + " " + sum.getKey())
            .collect(Collectors.joining(", "));
  }
}
