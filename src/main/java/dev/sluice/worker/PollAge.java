package dev.sluice.worker;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** When a worker's consumers asked Kafka for input last, as they count it themselves. */
final class PollAge {
  private static final String GROUP = "consumer-metrics";
  private static final String NAME = "last-poll-seconds-ago";

  /** Each thread's own; those that restore or keep copies have another ending before this. */
  private static final String CONSUMER = "-consumer";

  private static final String RESTORE_CONSUMER = "-restore-consumer";

  private PollAge() {}

  /** Of the consumer that has not asked for longest; 0 where none has asked yet. */
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
