package dev.sluice.offsets;

import dev.sluice.config.SluiceConfig;
import dev.sluice.operator.OperatorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the last committed records of partitions. The end of a partition may hold only transaction
 * markers and aborted records. The search then goes further back, eight times as far each time, up
 * to the beginning.
 */
public final class TopicTail {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long READ_MAX_NS = Duration.ofSeconds(30).toNanos();

  /** Number of offsets in the first read. */
  private static final long STEP_MIN = 1_000;

  private static final int STEP_GROWS = 8;

  private TopicTail() {}

  /**
   * Returns the newest records of each partition; none for an empty one.
   *
   * @throws OperatorException if they cannot be read in time
   */
  public static Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> of(
      SluiceConfig config, Collection<TopicPartition> partitions) {
    return search(config, partitions, STEP_MIN, true);
  }

  /**
   * Returns the partitions that hold a record. No record is kept, whatever its size.
   *
   * @throws OperatorException if they cannot be read in time
   */
  public static Set<TopicPartition> nonEmpty(
      SluiceConfig config, Collection<TopicPartition> partitions) {
    return search(config, partitions, 1, false).keySet();
  }

  private static Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> search(
      SluiceConfig config, Collection<TopicPartition> partitions, long stepMin, boolean isKept) {
    var found = new HashMap<TopicPartition, List<ConsumerRecord<byte[], byte[]>>>();
    try (var consumer = CommittedRecords.consumer(config)) {
      consumer.assign(partitions);
      var first = consumer.beginningOffsets(partitions);
      var before = new HashMap<>(consumer.endOffsets(partitions));
      var open = new HashSet<>(partitions);
      open.removeIf(p -> at(before, p) <= at(first, p));
      var began = System.nanoTime();
      for (long step = stepMin; !open.isEmpty(); step *= STEP_GROWS) {
        var from = new HashMap<TopicPartition, Long>();
        for (var partition : open) {
          from.put(partition, Math.max(at(first, partition), at(before, partition) - step));
        }
        found.putAll(read(consumer, from, before, began, isKept));
        before.putAll(from);
        open.removeIf(p -> found.containsKey(p) || at(from, p) <= at(first, p));
      }
    }
    return found;
  }

  private static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return offsets.getOrDefault(partition, 0L);
  }

  private static Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> read(
      KafkaConsumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> to,
      long beganNs,
      boolean isKept) {
    var found = new HashMap<TopicPartition, List<ConsumerRecord<byte[], byte[]>>>();
    consumer.assign(from.keySet());
    consumer.resume(from.keySet());
    from.forEach(consumer::seek);
    Set<TopicPartition> left = new HashSet<>(from.keySet());
    while (!left.isEmpty()) {
      for (var record : consumer.poll(POLL)) {
        var partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < at(to, partition)) {
          var records = found.computeIfAbsent(partition, p -> new ArrayList<>());
          if (isKept) {
            records.add(record);
          }
        }
      }
      left.removeIf(p -> consumer.position(p) >= at(to, p) || !isKept && found.containsKey(p));
      consumer.pause(consumer.assignment().stream().filter(p -> !left.contains(p)).toList());
      if (System.nanoTime() - beganNs > READ_MAX_NS) {
        throw new OperatorException(
            "cannot read the last records of %s; try again".formatted(left));
      }
    }
    return found;
  }
}
