package dev.sluice.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.topology.EventPartitioner;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Looks at some products of the state, old ones and new ones, and has the {@link PartitionerRule}
 * judge where they stand.
 */
final class PartitionerCheck {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long LOOK_MAX_NS = Duration.ofSeconds(15).toNanos();

  /** So many places of each partition are read from, spread evenly. */
  private static final int PLACES = 4;

  /** So many products of a partition at each place. */
  private static final int PRODUCTS_AT_PLACE = 13;

  /** So few records are read to the end. */
  private static final int FEW = PLACES * PRODUCTS_AT_PLACE;

  /** So many products in all, at each place. */
  private static final int PRODUCTS_MAX = 150;

  private final Admin admin;
  private final SluiceConfig config;

  PartitionerCheck(Admin admin, SluiceConfig config) {
    this.admin = admin;
    this.config = config;
  }

  /**
   * Fails where the state was made with another partitioner. What cannot be read in time is not
   * judged.
   *
   * @throws StartException with what to do
   */
  void require() {
    var offsets = new GroupOffsets(admin, config.applicationId());
    var changelog = config.applicationId() + "-products-changelog";
    if (!offsets.get(admin.listTopics().names()).contains(changelog)) {
      return;
    }
    var partitions =
        offsets.get(admin.describeTopics(List.of(changelog)).allTopicNames()).values().stream()
            .flatMap(topic -> topic.partitions().stream())
            .map(p -> new TopicPartition(changelog, p.partition()))
            .toList();
    // Where there is one partition, both put everything there.
    if (partitions.size() < 2) {
      return;
    }
    var problem =
        new PartitionerRule(
                EventPartitioner.named(config.eventsPartitioner()),
                new Topics(config.topicPrefix()).productEvents())
            .problem(products(partitions), partitions.size());
    if (problem != null) {
      throw new StartException(problem);
    }
  }

  private Map<Integer, Set<String>> products(Collection<TopicPartition> partitions) {
    Map<String, Object> settings = new HashMap<>(config.clientConfig());
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    var found = new HashMap<Integer, Set<String>>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
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
    }
    return found;
  }

  /** Up to so many products of each partition, from an offset on. */
  private static Map<Integer, Set<String>> read(
      KafkaConsumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> end,
      long beganNs) {
    var found = new HashMap<Integer, Set<String>>();
    var left = new HashSet<>(from.keySet());
    consumer.assign(left);
    from.forEach(consumer::seek);
    int count = 0;
    while (!left.isEmpty() && count < PRODUCTS_MAX && System.nanoTime() - beganNs <= LOOK_MAX_NS) {
      for (var record : consumer.poll(POLL)) {
        var ids = found.computeIfAbsent(record.partition(), p -> new TreeSet<>());
        if (record.key() != null
            && record.value() != null
            && ids.add(new String(record.key(), UTF_8))) {
          count++;
        }
      }
      left.removeIf(
          p ->
              consumer.position(p) >= end.getOrDefault(p, 0L)
                  || end.getOrDefault(p, 0L) - from.getOrDefault(p, 0L) > FEW
                      && found.getOrDefault(p.partition(), Set.of()).size() >= PRODUCTS_AT_PLACE);
      consumer.pause(consumer.assignment().stream().filter(p -> !left.contains(p)).toList());
    }
    return found;
  }
}
