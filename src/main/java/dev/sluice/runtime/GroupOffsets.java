package dev.sluice.runtime;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/** Asks for the offsets of a group, and of the partitions that it reads. */
record GroupOffsets(Admin admin, String group) {

  /** What the group has committed. What a transaction is about to commit is waited for. */
  Map<TopicPartition, Long> committed() {
    var offsets =
        get(
            admin
                .listConsumerGroupOffsets(
                    Map.of(group, new ListConsumerGroupOffsetsSpec()),
                    new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(group),
            Map.of());
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
   * The first or the last offsets; with read_committed, those before a transaction that is open.
   */
  Map<TopicPartition, Long> of(
      Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
    var asked = partitions.stream().collect(Collectors.toMap(p -> p, p -> spec));
    var options = new ListOffsetsOptions(isolation);
    var offsets = new HashMap<TopicPartition, Long>();
    get(admin.listOffsets(asked, options).all())
        .forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }

  <T> T get(KafkaFuture<T> future) {
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
              .formatted(group, Trouble.messages(cause) + Trouble.remedy(cause)),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while looking at the offsets", e);
    }
  }
}
