package dev.sluice.offsets;

import dev.sluice.failure.FailureHandler;
import dev.sluice.operator.OperatorException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka for a consumer group's committed offsets, for first and last offsets of partitions,
 * and for the lag between them. Thread-safe.
 *
 * <p>A request that fails, or has no answer in time, throws an {@link OperatorException} with the
 * remedy. An interrupt does too, and leaves the thread interrupted.
 *
 * @param admin the client; its owner closes it
 * @param group id of the consumer group
 * @param answerMs maximum time of one request in milliseconds; null for Kafka's own, which is
 *     default.api.timeout.ms
 */
public record GroupOffsetsClient(Admin admin, String group, @Nullable Integer answerMs) {

  private static final int MEASUREMENT_MS = 5_000;

  private static final Logger LOG = LoggerFactory.getLogger(GroupOffsetsClient.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /**
   * Progress of the group in one partition.
   *
   * @param committed the offset before which all records are processed; 0 if there is none
   * @param end the offset behind the last record
   */
  public record Progress(long committed, long end) {
    /** Returns the number of offsets that are not processed, including transaction markers. */
    public long lag() {
      return Math.max(0, end - committed);
    }
  }

  /** Creates a client for checks, whose requests may take as long as Kafka's clients wait. */
  public static GroupOffsetsClient forChecks(Admin admin, String group) {
    return new GroupOffsetsClient(admin, group, null);
  }

  /** Creates a client for repeated measurements, whose requests may take five seconds. */
  public static GroupOffsetsClient forMeasurements(Admin admin, String group) {
    return new GroupOffsetsClient(admin, group, MEASUREMENT_MS);
  }

  /**
   * Returns the group's committed offsets, without those that an open transaction is about to
   * change.
   */
  public Map<TopicPartition, Long> committed() {
    return offsets(ask(new ListConsumerGroupOffsetsSpec(), true, Map.of()));
  }

  /**
   * Returns the group's committed offsets of these partitions. The broker leaves out offsets that
   * an open transaction is about to change, so the call waits for the transaction.
   *
   * @param undecidedMax maximum time of the wait
   * @throws OperatorException if a transaction does not end in time
   */
  public Map<TopicPartition, Long> committed(
      Collection<TopicPartition> partitions, Duration undecidedMax) {
    var answers = new HashMap<TopicPartition, @Nullable OffsetAndMetadata>();
    // In a busy group some offsets are undecided at any moment: only those are requested again.
    var open = new HashSet<>(partitions);
    var logged = false;
    for (var left = undecidedMax; left.isPositive(); left = left.minus(PAUSE)) {
      if (!logged && undecidedMax.minus(left).compareTo(PATIENCE) > 0) {
        logged = true;
        LOG.info(
            "waiting, at most {} s, until a transaction of group {} ends; a worker that was killed"
                + " leaves one open",
            left.toSeconds(),
            group);
      }
      var none = new HashMap<TopicPartition, @Nullable OffsetAndMetadata>();
      open.forEach(partition -> none.put(partition, null));
      // A partition without an offset is in the answer, with null.
      answers.putAll(ask(new ListConsumerGroupOffsetsSpec().topicPartitions(open), true, none));
      open.removeAll(answers.keySet());
      if (open.isEmpty()) {
        return offsets(answers);
      }
      pause();
    }
    throw new OperatorException(
        ("the offsets of group %s stay undecided, since a transaction of it does not end; try"
             + " again. If this is so at every start, the transaction hangs: kafka-transactions.sh"
             + " find-hanging shows it, and kafka-transactions.sh abort ends it")
            .formatted(group));
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private Map<TopicPartition, @Nullable OffsetAndMetadata> ask(
      ListConsumerGroupOffsetsSpec spec,
      boolean stable,
      Map<TopicPartition, @Nullable OffsetAndMetadata> withoutGroup) {
    var options = new ListConsumerGroupOffsetsOptions().requireStable(stable).timeoutMs(answerMs);
    return get(
        admin
            .listConsumerGroupOffsets(Map.of(group, spec), options)
            .partitionsToOffsetAndMetadata(group),
        withoutGroup);
  }

  /** Removes the partitions that have no offset. */
  private static Map<TopicPartition, Long> offsets(
      Map<TopicPartition, @Nullable OffsetAndMetadata> answers) {
    var offsets = new HashMap<TopicPartition, Long>();
    answers.forEach(
        (partition, offset) -> {
          if (offset != null) {
            offsets.put(partition, offset.offset());
          }
        });
    return offsets;
  }

  /** Returns the first offsets of partitions. */
  public Map<TopicPartition, Long> first(Collection<TopicPartition> partitions) {
    return list(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
  }

  /**
   * Returns the offsets behind the last records of partitions; with read_committed, behind the last
   * one before an open transaction.
   */
  public Map<TopicPartition, Long> end(
      Collection<TopicPartition> partitions, IsolationLevel isolation) {
    return list(partitions, OffsetSpec.latest(), isolation);
  }

  private Map<TopicPartition, Long> list(
      Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
    var asked = partitions.stream().collect(Collectors.toMap(p -> p, p -> spec));
    var offsets = new HashMap<TopicPartition, Long>();
    get(admin.listOffsets(asked, new ListOffsetsOptions(isolation).timeoutMs(answerMs)).all())
        .forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }

  /**
   * Returns the group's progress in these partitions. Offsets that an open transaction is about to
   * change count as they are.
   */
  public Map<TopicPartition, Progress> progress(
      Collection<TopicPartition> partitions, IsolationLevel isolation) {
    // The ends first: without a lag, everything before the call is processed.
    var end = end(partitions, isolation);
    var spec = new ListConsumerGroupOffsetsSpec().topicPartitions(List.copyOf(partitions));
    var committed = offsets(ask(spec, false, Map.of()));
    return end.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                e -> new Progress(committed.getOrDefault(e.getKey(), 0L), e.getValue())));
  }

  /** Returns the names of all topics that the user may see. */
  public Set<String> topics() {
    return get(admin.listTopics(new ListTopicsOptions().timeoutMs(answerMs)).names());
  }

  /** Returns the partitions of topics, which must exist. */
  public List<TopicPartition> partitions(Collection<String> topics) {
    var options = new DescribeTopicsOptions().timeoutMs(answerMs);
    return get(admin.describeTopics(topics, options).allTopicNames()).values().stream()
        .flatMap(
            topic ->
                topic.partitions().stream()
                    .map(p -> new TopicPartition(topic.name(), p.partition())))
        .toList();
  }

  private <T> T get(KafkaFuture<T> future) {
    return get(future, null);
  }

  /** Returns a result, or the given one if the group does not exist. */
  private <T> T get(KafkaFuture<T> future, @Nullable T withoutGroup) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      if (withoutGroup != null && cause instanceof GroupIdNotFoundException) {
        return withoutGroup;
      }
      throw new OperatorException(
          "cannot ask for the offsets of group %s: %s"
              .formatted(group, FailureHandler.messages(cause) + FailureHandler.remedy(cause)),
          e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static OperatorException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new OperatorException("interrupted while reading the offsets", e);
  }
}
