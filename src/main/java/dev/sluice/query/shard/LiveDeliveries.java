package dev.sluice.query.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.keys.EventPartitioner;

/**
 * All partitions of the running delivery application, for one query. Local partitions are read
 * directly, others through their process.
 *
 * @param partitions number of partitions of access-commands
 */
public record LiveDeliveries(
    StreamsShards streamsShards, OpenDeliveryTasks tasks, int partitions, Deadline deadline)
    implements DeliveryShards {

  /** Returns whether an answer came from a standby copy, which may be behind. */
  public boolean isStale() {
    return streamsShards.isStale();
  }

  @Override
  public int deliveryPartitions() {
    return partitions;
  }

  @Override
  public int deliveryPartition(String commandKey) {
    return EventPartitioner.MURMUR2.partition(commandKey.getBytes(UTF_8), partitions);
  }

  @Override
  public boolean isHere(int partition) {
    return streamsShards.isHere(ShardKind.DELIVERIES, partition);
  }

  @Override
  public DeliveryShard deliveries(int partition) {
    return new DeliveryShardClient(
        streamsShards.shard(
            ShardKind.DELIVERIES,
            partition,
            stores -> LocalDeliveries.of(stores, deadline, tasks.of(partition))));
  }
}
