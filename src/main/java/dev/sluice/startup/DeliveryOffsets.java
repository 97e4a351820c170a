package dev.sluice.startup;

import dev.sluice.config.DeliveryKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.failure.FailureHandler;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import dev.sluice.operator.RecoveryAdvice;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The offsets of delivery's group. A new group gets an offset in every partition before it starts:
 * otherwise a partition without records would have none, and a later start could not tell a new
 * partition from lost offsets. A group that has state and lacks an offset does not start.
 */
final class DeliveryOffsets {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryOffsets.class);

  private final GroupOffsetsClient offsets;
  private final SluiceConfig config;
  private final Topics topics;
  private final Duration undecidedMax;

  /**
   * Creates the check.
   *
   * @param config delivery's own settings
   * @param undecidedMax maximum wait for the transaction of a process that was killed
   */
  DeliveryOffsets(GroupOffsetsClient offsets, SluiceConfig config, Duration undecidedMax) {
    this.offsets = offsets;
    this.config = config;
    this.topics = new Topics(config.topicPrefix());
    this.undecidedMax = undecidedMax;
  }

  /**
   * Fails if an offset is lost, or no longer within its topic.
   *
   * @param changelogs the names of the topics of the state
   */
  void require(Collection<String> changelogs) {
    var known = offsets.topics();
    if (!known.containsAll(inputs())) {
      return; // the start creates them
    }
    var partitions = offsets.partitions(inputs());
    var committed = offsets.committed(partitions, undecidedMax);
    var missing = partitions.stream().filter(p -> !committed.containsKey(p)).toList();
    if (!missing.isEmpty() && changelogs.stream().anyMatch(known::contains)) {
      throw new OperatorException(lost(missing));
    }
    requireWithin(committed);
  }

  /** Gives a new group its offsets, as delivery.start says. Does nothing for another group. */
  void begin() {
    var partitions = offsets.partitions(inputs());
    var committed = offsets.committed(partitions, undecidedMax);
    if (committed.keySet().containsAll(partitions)) {
      return;
    }
    var start = config.get(DeliveryKeys.START);
    var next = start == DeliveryKeys.Start.EARLIEST ? offsets.first(partitions) : ends(partitions);
    next.keySet().removeAll(committed.keySet());
    var chosen = new HashMap<TopicPartition, OffsetAndMetadata>();
    next.forEach((partition, offset) -> chosen.put(partition, new OffsetAndMetadata(offset)));
    try {
      offsets.admin().alterConsumerGroupOffsets(config.applicationId(), chosen).all().get();
    } catch (ExecutionException e) {
      requireOthersBegan(partitions, e);
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorException("interrupted while setting the first offsets", e);
    }
    LOG.info(
        "group {} is new: delivery.start is {}, so it begins with {}",
        config.applicationId(),
        start.name().toLowerCase(Locale.ROOT),
        start == DeliveryKeys.Start.EARLIEST
            ? "the oldest commands and results"
            : "commands and results that are written from now on");
  }

  /**
   * Returns the ends of the partitions. Those of the results come first: a result that is written
   * between the two reads may be about a command behind the end.
   */
  private Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
    var ends = new HashMap<TopicPartition, Long>();
    for (var topic : inputs().reversed()) {
      var of = partitions.stream().filter(p -> p.topic().equals(topic)).toList();
      ends.putAll(offsets.end(of, IsolationLevel.READ_COMMITTED));
    }
    return ends;
  }

  /** Kafka refuses the change if another process of the group began at the same time. */
  private void requireOthersBegan(List<TopicPartition> partitions, ExecutionException e) {
    if (offsets.committed(partitions, undecidedMax).keySet().containsAll(partitions)) {
      return;
    }
    var cause = e.getCause() == null ? e : e.getCause();
    throw new OperatorException(
        "cannot set the first offsets of group %s: %s%s; start it again"
            .formatted(
                config.applicationId(),
                FailureHandler.messages(cause),
                FailureHandler.remedy(cause)),
        e);
  }

  private List<String> inputs() {
    return List.of(topics.accessCommands(), topics.accessResults());
  }

  private void requireWithin(Map<TopicPartition, Long> committed) {
    if (committed.isEmpty()) {
      return;
    }
    var first = offsets.first(committed.keySet());
    var end = offsets.end(committed.keySet(), IsolationLevel.READ_UNCOMMITTED);
    committed.forEach(
        (partition, offset) -> {
          var begins = Objects.requireNonNullElse(first.get(partition), 0L);
          if (offset < begins) {
            LOG.warn(
                "{}: {} offsets from {} on were deleted before delivery read them; commands whose"
                    + " results were among them stay outstanding until another result or command"
                    + " comes",
                partition,
                begins - offset,
                offset);
          }
          var ends = Objects.requireNonNullElse(end.get(partition), Long.MAX_VALUE);
          if (offset > ends) {
            throw new OperatorException(
                ("%s ends at offset %d, but delivery had read up to %d: the topic was truncated, or"
                        + " deleted and created again; %s")
                    .formatted(partition, ends, offset, anew()));
          }
        });
  }

  private String anew() {
    return RecoveryAdvice.deliveryAnew(config, inputs(), topics.accessDelivery());
  }

  private String lost(List<TopicPartition> missing) {
    var first =
        missing.stream()
            .min(
                Comparator.comparing(TopicPartition::topic)
                    .thenComparing(TopicPartition::partition))
            .orElseThrow();
    return """
    group %s has no offset for %s, but it has state. Kafka forgets the offsets of a group that had no member for \
    offsets.retention.minutes (seven days unless configured), or that was deleted. Do one of these:
    1. Set the time at which delivery stopped, for both inputs (reading a command or a result again is harmless, \
    except that a confirmed command counts as outstanding until its result is read again):
         %s
         %s
    2. %s\
    """
        .formatted(
            config.applicationId(),
            first,
            RecoveryAdvice.resetOffsets(
                config, topics.accessCommands(), "datetime 2026-01-05T09:00:00.000"),
            RecoveryAdvice.resetOffsets(
                config, topics.accessResults(), "datetime 2026-01-05T09:00:00.000"),
            anew());
  }
}
