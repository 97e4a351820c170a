package dev.sluice.offsets;

import dev.sluice.failure.FailureHandler;
import dev.sluice.operator.OperatorException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a group's committed offsets, and the first and last offsets of partitions. */
public record GroupOffsetsReader(Admin admin, String group) {

  private static final Logger LOG = LoggerFactory.getLogger(GroupOffsetsReader.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /**
   * Returns the group's committed offsets, without those that an open transaction is about to
   * change.
   */
  public Map<TopicPartition, Long> committed() {
    return without(ask(new ListConsumerGroupOffsetsSpec(), Map.of()));
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
    var told = false;
    for (var left = undecidedMax; left.isPositive(); left = left.minus(PAUSE)) {
      if (!told && undecidedMax.minus(left).compareTo(PATIENCE) > 0) {
        told = true;
        LOG.info(
            "waiting, at most {} s, until a transaction of group {} ends; a worker that was killed"
                + " leaves one open",
            left.toSeconds(),
            group);
      }
      var none = new HashMap<TopicPartition, @Nullable OffsetAndMetadata>();
      open.forEach(partition -> none.put(partition, null));
      // A partition without an offset is in the answer, with null.
      answers.putAll(ask(new ListConsumerGroupOffsetsSpec().topicPartitions(open), none));
      open.removeAll(answers.keySet());
      if (open.isEmpty()) {
        return without(answers);
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
      Thread.currentThread().interrupt();
      throw new OperatorException("interrupted while looking at the offsets", e);
    }
  }

  private Map<TopicPartition, @Nullable OffsetAndMetadata> ask(
      ListConsumerGroupOffsetsSpec spec,
      Map<TopicPartition, @Nullable OffsetAndMetadata> withoutGroup) {
    return get(
        admin
            .listConsumerGroupOffsets(
                Map.of(group, spec), new ListConsumerGroupOffsetsOptions().requireStable(true))
            .partitionsToOffsetAndMetadata(group),
        withoutGroup);
  }

  /** Removes the partitions that have no offset. */
  private static Map<TopicPartition, Long> without(
      Map<TopicPartition, @Nullable OffsetAndMetadata> offsets) {
    var committed = new HashMap<TopicPartition, Long>();
    offsets.forEach(
        (partition, offset) -> {
          if (offset != null) {
            committed.put(partition, offset.offset());
          }
        });
    return committed;
  }

  /**
   * Returns the first or the last offsets; with read_committed, those before an open transaction.
   */
  public Map<TopicPartition, Long> of(
      Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
    var asked = partitions.stream().collect(Collectors.toMap(p -> p, p -> spec));
    var options = new ListOffsetsOptions(isolation);
    var offsets = new HashMap<TopicPartition, Long>();
    get(admin.listOffsets(asked, options).all())
        .forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }

  public <T> T get(KafkaFuture<T> future) {
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
      Thread.currentThread().interrupt();
      throw new OperatorException("interrupted while looking at the offsets", e);
    }
  }
}
