package dev.sluice.worker;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Time since the last poll of a worker's consumers, from Kafka's own metrics. */
final class PollAge {
  private static final String GROUP = "consumer-metrics";
  private static final String NAME = "last-poll-seconds-ago";

  /** Suffix of each thread's main consumer; restore consumers have another one before it. */
  private static final String CONSUMER = "-consumer";

  private static final String RESTORE_CONSUMER = "-restore-consumer";

  private PollAge() {}

  /** Returns the time since the least recent poll of any consumer; 0 before the first poll. */
  static double sinceLastSeconds(Map<MetricName, ? extends Metric> metrics) {
    return metrics.entrySet().stream()
        .filter(e -> isLastPoll(e.getKey()))
        .map(e -> e.getValue().metricValue())
        .filter(Number.class::isInstance)
        .mapToDouble(value -> ((Number) value).doubleValue())
        .max()
        .stream()
        .map(seconds -> Math.max(0, seconds))
        .findFirst()
        .orElse(0);
  }

  private static boolean isLastPoll(MetricName metric) {
    var client = metric.tags().getOrDefault("client-id", "");
    return metric.name().equals(NAME)
        && metric.group().equals(GROUP)
        && client.endsWith(CONSUMER)
        && !client.endsWith(RESTORE_CONSUMER);
  }
}
