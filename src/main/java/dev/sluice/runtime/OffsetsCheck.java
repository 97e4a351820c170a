package dev.sluice.runtime;

import dev.sluice.config.SluiceConfig;
import dev.sluice.topology.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.TopologyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Refuses to start where state is there but its place in the input is lost: the input would be read
 * from its beginning and applied to state that knows it already.
 *
 * <p>State and offsets are committed together, so a partition's changelog that holds a committed
 * record without an offset of the group for that partition's input means exactly that, for each
 * partition by itself. What an aborted transaction left in a changelog does not count.
 */
final class OffsetsCheck {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long LOOK_MAX_NS = Duration.ofSeconds(30).toNanos();

  private final Admin admin;
  private final SluiceConfig config;
  private final Topics topics;

  OffsetsCheck(Admin admin, SluiceConfig config) {
    this.admin = admin;
    this.config = config;
    this.topics = new Topics(config.topicPrefix());
  }

  /** State, and the input whose offset belongs to it. */
  private record Pair(TopicPartition changelog, TopicPartition input) {}

  /**
   * Fails where an offset is lost.
   *
   * @param topology as the topology describes itself before it is told the application's id
   * @throws StartException with what to do
   */
  void require(TopologyDescription topology) {
    var suspects = lost(pairs(topology));
    if (suspects.isEmpty()) {
      return;
    }
    var filled = filled(suspects.stream().map(Pair::changelog).toList());
    if (filled == null) {
      return;
    }
    // Another worker may have committed for the first time since the offsets were asked for.
    for (var pair : lost(suspects)) {
      if (pair.changelog().equals(filled)) {
        throw new StartException(message(pair));
      }
    }
  }

  private List<Pair> pairs(TopologyDescription topology) {
    var inputs = new LinkedHashMap<String, String>();
    for (var part : topology.subtopologies()) {
      for (var node : part.nodes()) {
        if (node instanceof TopologyDescription.Source source) {
          for (var topic : source.topicSet()) {
            part.nodes().stream()
                .filter(TopologyDescription.Processor.class::isInstance)
                .flatMap(n -> ((TopologyDescription.Processor) n).stores().stream())
                .forEach(store -> inputs.put(internal(store + "-changelog"), named(topic)));
          }
        }
      }
    }
    var there = get(admin.listTopics().names());
    inputs.keySet().retainAll(there);
    var pairs = new ArrayList<Pair>();
    get(admin.describeTopics(inputs.keySet()).allTopicNames())
        .forEach(
            (changelog, description) ->
                description
                    .partitions()
                    .forEach(
                        p ->
                            pairs.add(
                                new Pair(
                                    new TopicPartition(changelog, p.partition()),
                                    new TopicPartition(
                                        String.valueOf(inputs.get(changelog)), p.partition())))));
    return pairs;
  }

  private String named(String topic) {
    return topic.equals(topics.productEvents()) ? topic : internal(topic);
  }

  private String internal(String name) {
    return config.applicationId() + "-" + name;
  }

  /** Those whose input has no offset. */
  private List<Pair> lost(List<Pair> pairs) {
    var committed = committed();
    return pairs.stream().filter(pair -> !committed.contains(pair.input())).toList();
  }

  private Set<TopicPartition> committed() {
    var group = config.applicationId();
    // Stable: what a transaction is about to commit is waited for.
    var offsets =
        get(
            admin
                .listConsumerGroupOffsets(
                    Map.of(group, new ListConsumerGroupOffsetsSpec()),
                    new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(group),
            Map.of());
    return offsets.entrySet().stream()
        .filter(entry -> entry.getValue() != null)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** One that holds a committed record; null when none does. */
  private @Nullable TopicPartition filled(Collection<TopicPartition> partitions) {
    var first = offsets(partitions, OffsetSpec.earliest());
    var end = offsets(partitions, OffsetSpec.latest());
    var left =
        partitions.stream()
            .filter(p -> end.getOrDefault(p, 0L) > first.getOrDefault(p, 0L))
            .collect(Collectors.toSet());
    if (left.isEmpty()) {
      return null;
    }
    Map<String, Object> settings = new HashMap<>(config.clientConfig());
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(left);
      consumer.seekToBeginning(left);
      var began = System.nanoTime();
      while (left.stream().anyMatch(p -> consumer.position(p) < end.getOrDefault(p, 0L))) {
        var records = consumer.poll(POLL);
        if (!records.isEmpty()) {
          return records.partitions().iterator().next();
        }
        if (System.nanoTime() - began > LOOK_MAX_NS) {
          throw new StartException(
              "cannot read the state's changelogs to find out whether the offsets of group %s were"
                      .formatted(config.applicationId())
                  + " lost; try again");
        }
      }
    }
    return null;
  }

  private Map<TopicPartition, Long> offsets(
      Collection<TopicPartition> partitions, OffsetSpec spec) {
    var asked = partitions.stream().collect(Collectors.toMap(p -> p, p -> spec));
    var options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    var offsets = new HashMap<TopicPartition, Long>();
    get(admin.listOffsets(asked, options).all())
        .forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }

  private String message(Pair lost) {
    var reset =
        "kafka-consumer-groups.sh --bootstrap-server %s --group %s --reset-offsets --execute"
            .formatted(config.bootstrapServers(), config.applicationId());
    return """
    group %s has no offset for %s, but there is state made from it (%s holds records). \
    Kafka forgets the offsets of a group that had no member for offsets.retention.minutes (seven days unless \
    configured), or that was deleted. Started like this, the worker would read from the beginning what it has \
    applied already, so it does not start. Do one of these:
    1. Say where it stopped. If it had processed everything, and nothing was published since:
         %s --topic %s --topic %s --to-latest
       If events were published since, do so for %s alone, and for the events give the time at which it stopped \
    (what has a sequence may be read again without harm):
         %s --topic %s --to-datetime 2026-01-05T09:00:00.000
    2. Begin anew, if it was stopped in the middle of its work or you do not know, and if %s still holds every \
    event: set application.id to one that was never used. All commands are written again, with revisions from 1, \
    so empty access-commands, the statuses and what its readers remember of revisions before. This removes what \
    is left of the old state:
         kafka-streams-application-reset.sh --bootstrap-server %s --application-id %s --input-topics %s\
    """
        .formatted(
            config.applicationId(),
            lost.input(),
            lost.changelog(),
            reset,
            topics.productEvents(),
            Topics.accessUpdates(config.applicationId()),
            Topics.accessUpdates(config.applicationId()),
            reset,
            topics.productEvents(),
            topics.productEvents(),
            config.bootstrapServers(),
            config.applicationId(),
            topics.productEvents());
  }

  private <T> T get(KafkaFuture<T> future) {
    return get(future, null);
  }

  /** With an answer for a group that does not exist. */
  private <T> T get(KafkaFuture<T> future, @Nullable T withoutGroup) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      if (withoutGroup != null && cause instanceof GroupIdNotFoundException) {
        return withoutGroup;
      }
      throw new StartException(
          "cannot ask for the offsets of group %s: %s"
              .formatted(config.applicationId(), Trouble.messages(cause)),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while looking at the offsets", e);
    }
  }
}
