package dev.sluice.query.shard;

import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Assignment of partitions to processes in the group's last generation.
 *
 * @param inputs input topic of each stage of the application
 */
public record PartitionOwners(KafkaStreams streams, Map<ShardKind, String> inputs) {

  /** Creates the owners of an application's partitions. */
  public PartitionOwners {
    inputs = Map.copyOf(inputs);
  }

  /** Returns the worker that processes a partition; null if unknown. */
  @Nullable HostInfo active(ShardKind shardKind, int partition) {
    var input = input(shardKind, partition);
    return first(instance -> instance.topicPartitions().contains(input));
  }

  /**
   * Returns a worker with a standby copy of a partition; null if there is none or it is unknown.
   */
  @Nullable HostInfo standby(ShardKind shardKind, int partition) {
    var input = input(shardKind, partition);
    return first(instance -> instance.standbyTopicPartitions().contains(input));
  }

  private @Nullable HostInfo first(Predicate<StreamsMetadata> which) {
    try {
      return streams.metadataForAllStreamsClients().stream()
          .filter(which)
          .map(StreamsMetadata::hostInfo)
          .filter(PartitionOwners::isKnown)
          .findFirst()
          .orElse(null);
    } catch (IllegalStateException | InvalidStateStoreException e) {
      return null; // not started, or already closed
    }
  }

  private static boolean isKnown(HostInfo host) {
    return !host.equals(HostInfo.unavailable());
  }

  private TopicPartition input(ShardKind shardKind, int partition) {
    var topic = Objects.requireNonNull(inputs.get(shardKind), "the application has no such stage");
    return new TopicPartition(topic, partition);
  }
}
