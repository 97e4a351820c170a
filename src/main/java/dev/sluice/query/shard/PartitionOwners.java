package dev.sluice.query.shard;

import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Which instance holds which partition, as the group last agreed.
 *
 * @param productEvents the topic that the product stage reads
 * @param accessUpdates the topic that the access stage reads
 */
public record PartitionOwners(KafkaStreams streams, String productEvents, String accessUpdates) {

  /** Who works on a partition; null where that is not known. */
  @Nullable HostInfo active(ShardKind shardKind, int partition) {
    var input = input(shardKind, partition);
    return first(instance -> instance.topicPartitions().contains(input));
  }

  /** Who keeps a copy of a partition; null where nobody does, or it is not known. */
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
      return null; // it has not started, or has ended
    }
  }

  private static boolean isKnown(HostInfo host) {
    return !host.equals(HostInfo.unavailable());
  }

  private TopicPartition input(ShardKind shardKind, int partition) {
    return new TopicPartition(
        shardKind == ShardKind.PRODUCTS ? productEvents : accessUpdates, partition);
  }
}
