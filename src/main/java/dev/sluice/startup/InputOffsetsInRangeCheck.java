package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import dev.sluice.operator.RecoveryAdvice;
import dev.sluice.update.UpdatesTopic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a start if the group's offset is no longer within the input, or the state made from
 * earlier records is gone.
 */
final class InputOffsetsInRangeCheck {
  private static final Logger LOG = LoggerFactory.getLogger(InputOffsetsInRangeCheck.class);

  private final GroupOffsetsClient offsets;
  private final SluiceConfig config;
  private final Topics topics;
  private final String events;

  InputOffsetsInRangeCheck(GroupOffsetsClient offsets, SluiceConfig config) {
    this.offsets = offsets;
    this.config = config;
    this.topics = new Topics(config.topicPrefix());
    this.events = topics.productEvents();
  }

  /**
   * Fails if something is gone.
   *
   * @throws OperatorException with the remedy
   */
  void require(InternalTopics internalTopics) {
    var there = offsets.topics();
    var inputs = new HashSet<>(internalTopics.changelogs().values());
    inputs.addAll(topics.inputs());
    inputs.retainAll(there);
    requireCompacted(
        internalTopics.changelogs().keySet().stream()
            .filter(there::contains)
            .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
            .toList());
    var known = offsets.committed();
    known.keySet().removeIf(partition -> !inputs.contains(partition.topic()));
    if (known.isEmpty()) {
      return;
    }
    // A running worker commits and purges meanwhile: this order of reads allows for it.
    var first = offsets.first(known.keySet());
    var committed = new HashMap<>(offsets.committed());
    committed.keySet().retainAll(known.keySet());
    var end = offsets.end(known.keySet(), IsolationLevel.READ_UNCOMMITTED);
    committed.forEach(
        (partition, offset) ->
            requireWithin(partition, offset, first.get(partition), end.get(partition)));
    internalTopics
        .changelogs()
        .forEach(
            (changelog, input) -> {
              var shownBy = InternalTopics.shownBy(changelog, input, topics);
              if (!there.contains(changelog)
                  && shownBy != null
                  && hasBegun(shownBy, committed, first)
                  && isMissingStill(changelog)) {
                throw new OperatorException(gone(changelog));
              }
            });
    var updates = UpdatesTopic.of(config.applicationId());
    if (!there.contains(updates) && hasBegun(events, committed, first) && isMissingStill(updates)) {
      throw new OperatorException(gone(updates));
    }
  }

  /** Another worker's first start may have created it since. */
  private boolean isMissingStill(String topic) {
    return !offsets.topics().contains(topic);
  }

  /**
   * Rejects changelogs that are not compacted: a broker with auto.create.topics.enable creates a
   * missing changelog without compaction.
   */
  private void requireCompacted(List<ConfigResource> changelogs) {
    Map<ConfigResource, Config> settings;
    try {
      settings = offsets.admin().describeConfigs(changelogs).all().get();
    } catch (ExecutionException e) {
      LOG.debug("cannot read the changelogs' settings", e);
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorException("interrupted while reading the changelogs' settings", e);
    }
    settings.forEach(
        (topic, config) -> {
          var policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
          if (policy != null && !policy.value().contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new OperatorException(
                "topic %s has cleanup.policy=%s: it was deleted, and created again by another program; %s"
                    .formatted(
                        topic.name(),
                        policy.value(),
                        RecoveryAdvice.stateLost(String.join(" and ", topics.inputs()))));
          }
        });
  }

  /**
   * Returns whether some records were processed. A reset sets the events' offsets to the first
   * record and deletes internal topics, which are purged while they are read.
   */
  private boolean hasBegun(
      String input, Map<TopicPartition, Long> committed, Map<TopicPartition, Long> first) {
    return committed.entrySet().stream()
        .filter(entry -> entry.getKey().topic().equals(input))
        .anyMatch(
            entry ->
                entry.getValue()
                    > (topics.isInput(input) ? first.getOrDefault(entry.getKey(), 0L) : 0L));
  }

  private void requireWithin(
      TopicPartition partition, long offset, @Nullable Long first, @Nullable Long end) {
    var place = partition.topic() + ":" + partition.partition();
    if (first != null && offset < first) {
      throw new OperatorException(
          ("%s: %d records from offset %d on were deleted before the worker read them (by"
               + " retention, unless an operator did): their content is lost, unless you publish it"
               + " again. Keep the topic longer (retention.ms=-1), and continue with the remaining"
               + " records: %s")
              .formatted(
                  partition,
                  first - offset,
                  offset,
                  RecoveryAdvice.resetOffsets(config, place, "earliest")));
    }
    if (end != null && offset > end) {
      throw new OperatorException(
          ("%s ends at offset %d, but the worker had read up to %d: the topic was truncated, or"
               + " deleted and created again. The state contains what was read; continue with the"
               + " next records: %s")
              .formatted(
                  partition, end, offset, RecoveryAdvice.resetOffsets(config, place, "latest")));
    }
  }

  private String gone(String topic) {
    return "topic %s is missing, but group %s has offsets: it was deleted; %s"
        .formatted(
            topic,
            config.applicationId(),
            RecoveryAdvice.stateLost(String.join(" and ", topics.inputs())));
  }
}
