package dev.sluice.startup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.KafkaKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.offsets.CommittedRecords;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads some old and new products of the state, and applies the {@link PartitionerRule} to their
 * partitions.
 */
final class PartitionerCheck {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long READ_MAX_NS = Duration.ofSeconds(15).toNanos();

  /** Number of places in each partition to read from, spread evenly. */
  private static final int PLACES = 4;

  /** Maximum number of products to read from a partition at each place. */
  private static final int PRODUCTS_AT_PLACE = 13;

  /** Maximum number of records to read from a partition at each place: a product may have many. */
  private static final int RECORDS_AT_PLACE = 1_000;

  /** Maximum number of records of a partition that is read to its end. */
  private static final int FEW = PLACES * PRODUCTS_AT_PLACE;

  /** Maximum number of products to read from all partitions at each place. */
  private static final int PRODUCTS_MAX = 150;

  private final GroupOffsetsClient offsets;
  private final SluiceConfig config;

  PartitionerCheck(GroupOffsetsClient offsets, SluiceConfig config) {
    this.offsets = offsets;
    this.config = config;
  }

  /**
   * Fails if the state was made with another partitioner. Partitions that cannot be read in time
   * are ignored.
   *
   * @throws OperatorException with the remedy
   */
  void require() {
    var changelog = config.applicationId() + "-products-changelog";
    if (!offsets.topics().contains(changelog)) {
      return;
    }
    var partitions = offsets.partitions(List.of(changelog));
    // With one partition, both partitioners agree.
    if (partitions.size() < 2) {
      return;
    }
    var problem =
        new PartitionerRule(
                EventPartitioner.named(config.get(KafkaKeys.EVENTS_PARTITIONER)),
                new Topics(config.topicPrefix()).productEvents())
            .problem(products(partitions), partitions.size());
    if (problem != null) {
      throw new OperatorException(problem);
    }
  }

  private Map<Integer, Set<String>> products(Collection<TopicPartition> partitions) {
    try (var consumer = CommittedRecords.consumer(config)) {
      return products(consumer, partitions);
    }
  }

  /** Returns the ids of some products of each partition, by partition. */
  static Map<Integer, Set<String>> products(
      Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
    var found = new HashMap<Integer, Set<String>>();
    var first = consumer.beginningOffsets(partitions);
    var end = consumer.endOffsets(partitions);
    var began = System.nanoTime();
    for (int place = 0; place < PLACES; place++) {
      var from = new HashMap<TopicPartition, Long>();
      for (var partition : partitions) {
        long start = first.getOrDefault(partition, 0L);
        long records = end.getOrDefault(partition, 0L) - start;
        if (records > 0 && (place == 0 || records > FEW)) {
          from.put(partition, start + records * place / PLACES);
        }
      }
      read(consumer, from, end, began)
          .forEach((p, ids) -> found.computeIfAbsent(p, k -> new TreeSet<>()).addAll(ids));
    }
    return found;
  }

  /** Reads up to a number of products of each partition, from an offset on. */
  private static Map<Integer, Set<String>> read(
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> end,
      long beganNs) {
    var found = new HashMap<Integer, Set<String>>();
    var left = new HashSet<>(from.keySet());
    consumer.assign(left);
    consumer.resume(left); // a partition that stays assigned stays paused
    from.forEach(consumer::seek);
    int count = 0;
    while (!left.isEmpty() && count < PRODUCTS_MAX && System.nanoTime() - beganNs <= READ_MAX_NS) {
      for (var record : consumer.poll(POLL)) {
        var ids = found.computeIfAbsent(record.partition(), p -> new TreeSet<>());
        if (record.key() != null
            && record.value() != null
            && ids.add(new String(record.key(), UTF_8))) {
          count++;
        }
      }
      left.removeIf(
          p -> {
            long last = end.getOrDefault(p, 0L);
            long start = from.getOrDefault(p, 0L);
            long next = consumer.position(p);
            return next >= last
                || next - start >= RECORDS_AT_PLACE
                || last - start > FEW
                    && found.getOrDefault(p.partition(), Set.of()).size() >= PRODUCTS_AT_PLACE;
          });
      consumer.pause(consumer.assignment().stream().filter(p -> !left.contains(p)).toList());
    }
    return found;
  }
}
