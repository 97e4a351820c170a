package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.offsets.TopicTail;
import dev.sluice.operator.OperatorException;
import dev.sluice.operator.RecoveryAdvice;
import dev.sluice.update.UpdatesTopic;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Refuses a start if state exists but the group's offset in its input is lost: the input would be
 * read from its beginning and applied again to the state.
 *
 * <p>State and offsets are committed together. Therefore an offset is lost if a partition's
 * changelog holds a committed record, but the group has no offset for its input. Records of aborted
 * transactions do not count.
 */
final class LostOffsetsCheck {
  /** Time until the coordinator has detected and aborted an expired transaction. */
  private static final Duration UNDECIDED_MORE = Duration.ofSeconds(20);

  private final GroupOffsetsClient offsets;
  private final SluiceConfig config;
  private final Topics topics;

  LostOffsetsCheck(GroupOffsetsClient offsets, SluiceConfig config) {
    this.offsets = offsets;
    this.config = config;
    this.topics = new Topics(config.topicPrefix());
  }

  /** State, and its input, whose offset belongs to it. */
  private record ChangelogAndInput(TopicPartition changelog, TopicPartition input) {}

  /**
   * Fails if an offset is lost.
   *
   * @throws OperatorException with the remedy
   */
  void require(InternalTopics internalTopics) {
    var suspects = lost(pairs(internalTopics));
    if (suspects.isEmpty()) {
      return;
    }
    var nonEmpty = nonEmpty(suspects);
    if (nonEmpty.isEmpty()) {
      return;
    }
    // Another worker may have committed for the first time since the offsets were read.
    var lost = lost(suspects);
    for (var pair : lost) {
      if (nonEmpty.contains(pair.changelog())) {
        throw new OperatorException(message(pair, resumeCommands(internalTopics, lost)));
      }
    }
  }

  /** Returns whether a changelog holds a committed record. */
  boolean hasState(InternalTopics internalTopics) {
    return !nonEmpty(pairs(internalTopics)).isEmpty();
  }

  /**
   * Returns the group's committed offsets of these partitions, after open transactions are decided.
   */
  Map<TopicPartition, Long> committed(Collection<TopicPartition> inputs) {
    return offsets.committed(inputs, undecidedMax());
  }

  private List<ChangelogAndInput> pairs(InternalTopics internalTopics) {
    var inputs = new LinkedHashMap<>(internalTopics.changelogs());
    inputs.keySet().retainAll(offsets.topics());
    return offsets.partitions(inputs.keySet()).stream()
        .map(
            p -> new ChangelogAndInput(p, new TopicPartition(inputs.get(p.topic()), p.partition())))
        .toList();
  }

  /** Returns the changelogs' partitions that hold a committed record. */
  private Set<TopicPartition> nonEmpty(List<ChangelogAndInput> pairs) {
    return TopicTail.nonEmpty(config, pairs.stream().map(ChangelogAndInput::changelog).toList());
  }

  /** Returns the maximum duration of an open transaction of a killed worker. */
  private Duration undecidedMax() {
    return undecidedMax(config);
  }

  /** Returns the maximum duration of an open transaction of a killed process. */
  static Duration undecidedMax(SluiceConfig config) {
    var timeoutMs =
        config
            .streamsConfig()
            .get(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG));
    return Duration.ofMillis(Long.parseLong(String.valueOf(timeoutMs))).plus(UNDECIDED_MORE);
  }

  /** Returns the pairs whose input has no offset. */
  private List<ChangelogAndInput> lost(List<ChangelogAndInput> pairs) {
    var inputs = pairs.stream().map(ChangelogAndInput::input).distinct().toList();
    var committed = offsets.committed(inputs, undecidedMax()).keySet();
    return pairs.stream().filter(pair -> !committed.contains(pair.input())).toList();
  }

  /**
   * Returns the commands that set every lost offset to the end of the state; none if one processed
   * offset is unknown.
   */
  private List<String> resumeCommands(InternalTopics internalTopics, List<ChangelogAndInput> lost) {
    var movedOffsets = new MovedOffsetsCheck(offsets, config);
    var inputs =
        lost.stream()
            .map(ChangelogAndInput::input)
            .distinct()
            .sorted(
                Comparator.comparing(TopicPartition::topic)
                    .thenComparing(TopicPartition::partition))
            .toList();
    var next = movedOffsets.resumeOffsets(internalTopics, inputs);
    return next.keySet().containsAll(inputs)
        ? inputs.stream()
            // Without state, the worker begins at the beginning anyway.
            .filter(p -> next.getOrDefault(p, 0L) > 0)
            .map(p -> movedOffsets.resumeCommand(p, next.getOrDefault(p, 0L)))
            .toList()
        : List.of();
  }

  /**
   * Returns the remedy.
   *
   * @param resumeCommands commands of the remedy; none if state of an older version has no
   *     processed offset
   */
  private String message(ChangelogAndInput lost, List<String> resumeCommands) {
    return """
    group %s has no offset for %s, but there is state made from it (%s holds records). \
    Kafka forgets the offsets of a group that had no member for offsets.retention.minutes (seven days unless \
    configured), or that was deleted. If the worker started, it would read and apply all records again from the \
    beginning. Therefore it does not start. Do one of these:
    1. %s
    2. If %s still hold every event%s, %s. This removes the old state:
         kafka-streams-application-reset.sh --bootstrap-server %s --application-id %s --input-topics %s\
    """
        .formatted(
            config.applicationId(),
            lost.input(),
            lost.changelog(),
            resumeCommands.isEmpty()
                ? resumeWhereWorkerStopped()
                : resumeWhereStateEnds(resumeCommands),
            String.join(" and ", topics.inputs()),
            resumeCommands.isEmpty()
                ? ", and if it was stopped during its work or you do not know"
                : "",
            RecoveryAdvice.BEGIN_ANEW,
            config.bootstrapServers(),
            config.applicationId(),
            String.join(",", topics.inputs()));
  }

  private static String resumeWhereStateEnds(List<String> resumeCommands) {
    return "Continue where the state ends, whatever was published since:\n     "
        + String.join("\n     ", resumeCommands);
  }

  private String resumeWhereWorkerStopped() {
    var events = topics.productEvents();
    var updates = UpdatesTopic.of(config.applicationId());
    return """
    Set the offset at which it stopped. If it processed everything, and nothing was published since:
         %s
       If events were published since, do this for %s only. For the events, use the time at which it stopped \
    (reading events with a sequence again is harmless):
         %s\
    """
        .formatted(
            RecoveryAdvice.resetOffsets(config, events + " --topic " + updates, "latest"),
            updates,
            RecoveryAdvice.resetOffsets(config, events, "datetime 2026-01-05T09:00:00.000"));
  }
}
