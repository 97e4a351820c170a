package dev.sluice.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.SluiceConfig;
import dev.sluice.topology.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Refuses offsets of the group that were moved forward, over records that the state has not seen:
 * each task keeps the offset of the last record that it processed, in the transaction that commits
 * the group's own. Between the two may stand marks of transactions and what was aborted, and no
 * record. Offsets moved backward are not its subject, nor is state of before that was kept.
 */
final class PositionCheck {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long LOOK_MAX_NS = Duration.ofSeconds(30).toNanos();

  /** A changelog may come to show what was committed a little later than the offsets do. */
  private static final int LOOKS_MAX = 10;

  private static final long LOOK_AGAIN_MS = 300;
  private static final long NOTHING = -1;

  private final Admin admin;
  private final SluiceConfig config;
  private final GroupOffsets offsets;

  /** Where positions are kept: the last part of the changelog's name, and the key. */
  private record Kept(String store, String key) {}

  PositionCheck(Admin admin, SluiceConfig config) {
    this.admin = admin;
    this.config = config;
    this.offsets = new GroupOffsets(admin, config.applicationId());
  }

  private Map<String, Kept> kept() {
    return Map.of(
        new Topics(config.topicPrefix()).productEvents(),
        new Kept("due", "~read"),
        Topics.accessUpdates(config.applicationId()),
        new Kept("command-revision", "read"));
  }

  /**
   * Fails where records were passed over.
   *
   * @throws StartException with what to do
   */
  void require(InternalTopics internal) {
    // First, so that what is committed meanwhile makes the positions larger and not the offsets.
    var committed = offsets.committed();
    var there = offsets.get(admin.listTopics().names());
    kept()
        .forEach(
            (input, kept) -> {
              var changelog = changelog(kept);
              if (there.contains(changelog) && there.contains(input)) {
                var all =
                    internal.changelogs().entrySet().stream()
                        .filter(entry -> entry.getValue().equals(input))
                        .map(Map.Entry::getKey)
                        .filter(there::contains)
                        .toList();
                require(input, kept, all, committed);
              }
            });
  }

  private String changelog(Kept kept) {
    return config.applicationId() + "-" + kept.store() + "-changelog";
  }

  private void require(
      String input, Kept kept, List<String> changelogs, Map<TopicPartition, Long> committed) {
    var next = new HashMap<TopicPartition, Long>();
    committed.forEach(
        (partition, offset) -> {
          if (partition.topic().equals(input)) {
            next.put(partition, offset);
          }
        });
    for (int looks = 1; !next.isEmpty(); looks++) {
      var positions = positions(kept, changelogs, next);
      next.entrySet()
          .removeIf(
              entry -> {
                var read = positions.getOrDefault(entry.getKey(), Long.MAX_VALUE);
                return read >= entry.getValue() - 1
                    || firstBetween(entry.getKey(), read + 1, entry.getValue()).isEmpty();
              });
      if (looks == LOOKS_MAX && !next.isEmpty()) {
        var entry = next.entrySet().iterator().next();
        throw new StartException(
            message(entry.getKey(), positions.getOrDefault(entry.getKey(), 0L), entry.getValue()));
      }
      if (!next.isEmpty()) {
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_AGAIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while looking at the offsets", e);
    }
  }

  /**
   * The offset of the last record that was processed, for the partitions that it is known of; -1
   * where there is no state at all, so that none was.
   */
  private Map<TopicPartition, Long> positions(
      Kept kept, List<String> all, Map<TopicPartition, Long> of) {
    var changelogs = new HashMap<TopicPartition, TopicPartition>();
    of.keySet().forEach(p -> changelogs.put(new TopicPartition(changelog(kept), p.partition()), p));
    var found = new HashMap<TopicPartition, Long>();
    TopicTail.of(config, List.copyOf(changelogs.keySet()))
        .forEach(
            (changelog, records) -> {
              var read = last(records, kept.key());
              var input = changelogs.get(changelog);
              if (input != null && read.isPresent()) {
                found.put(input, read.getAsLong());
              }
            });
    var unknown = of.keySet().stream().filter(p -> !found.containsKey(p)).toList();
    var filled =
        TopicTail.of(
                config,
                all.stream().flatMap(name -> unknown.stream().map(p -> at(name, p))).toList())
            .keySet()
            .stream()
            .map(TopicPartition::partition)
            .collect(Collectors.toSet());
    for (var partition : unknown) {
      if (!filled.contains(partition.partition())) {
        found.put(partition, NOTHING);
      }
    }
    return found;
  }

  private static TopicPartition at(String changelog, TopicPartition input) {
    return new TopicPartition(changelog, input.partition());
  }

  /** Both stages keep it as eight bytes, the highest first. */
  private static OptionalLong last(List<ConsumerRecord<byte[], byte[]>> records, String key) {
    var last = OptionalLong.empty();
    for (var record : records) {
      if (record.key() != null
          && record.value() != null
          && record.value().length == Long.BYTES
          && new String(record.key(), UTF_8).equals(key)) {
        last = OptionalLong.of(ByteBuffer.wrap(record.value()).getLong());
      }
    }
    return last;
  }

  /** The offset of the first committed record from one offset on and before another. */
  private OptionalLong firstBetween(TopicPartition partition, long from, long to) {
    Map<String, Object> settings = new HashMap<>(config.clientConfig());
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var assigned = List.of(partition);
      consumer.assign(assigned);
      var end = Math.min(to, consumer.endOffsets(assigned).getOrDefault(partition, 0L));
      consumer.seek(partition, from);
      var began = System.nanoTime();
      while (consumer.position(partition) < end) {
        for (var record : consumer.poll(POLL)) {
          return record.offset() < end ? OptionalLong.of(record.offset()) : OptionalLong.empty();
        }
        if (System.nanoTime() - began > LOOK_MAX_NS) {
          throw new StartException(
              "cannot read %s from offset %d on to find out whether records were passed over; try again"
                  .formatted(partition, from));
        }
      }
    }
    return OptionalLong.empty();
  }

  private String message(TopicPartition partition, long read, long committed) {
    return """
    the offset of group %s for %s is %d, but its state has read %s: the offset was moved forward by \
    hand, over records that nobody has processed. Started like this, the worker would never do what they say, be \
    it that they take access away, so it does not start. Go on where the state is:
      kafka-consumer-groups.sh --bootstrap-server %s --group %s --reset-offsets --execute --topic %s:%d --to-offset %d
    Records that are to be passed over on purpose are named in records.set.aside, each by its offset.\
    """
        .formatted(
            config.applicationId(),
            partition,
            committed,
            read == NOTHING ? "nothing of it" : "up to offset " + read + " only",
            config.bootstrapServers(),
            config.applicationId(),
            partition.topic(),
            partition.partition(),
            read + 1);
  }
}
