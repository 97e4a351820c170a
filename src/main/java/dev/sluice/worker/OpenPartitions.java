package dev.sluice.worker;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Partitions of open tasks. Openings are counted, since a task may open on one thread before it
 * closes on another. Thread-safe.
 */
final class OpenPartitions {
  private final Map<TopicPartition, Integer> counts = new ConcurrentHashMap<>();

  /** Returns the partitions of open tasks. */
  Set<TopicPartition> now() {
    return Set.copyOf(counts.keySet());
  }

  void opened(String topic, int partition) {
    counts.merge(new TopicPartition(topic, partition), 1, Integer::sum);
  }

  void closed(String topic, int partition) {
    counts.computeIfPresent(
        new TopicPartition(topic, partition), (at, count) -> count == 1 ? null : count - 1);
  }
}
