package dev.sluice.query.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.keys.EventPartitioner;

/**
 * All partitions of the running workers, for one query. Local partitions are read directly, others
 * through their worker.
 */
public final class LiveShards implements Shards {
  private final StreamsShards streamsShards;
  private final OpenProductTasks tasks;
  private final Layout layout;
  private final Deadline deadline;

  /** Number of partitions, and the partitioner of products. */
  public record Layout(EventPartitioner partitioner, int products, int users) {
    /** Returns the partition of a product's events. */
    public int partition(String productId) {
      return partitioner.partition(productId.getBytes(UTF_8), products);
    }
  }

  /** Creates the partitions of the running workers. */
  public LiveShards(
      StreamsShards streamsShards, OpenProductTasks tasks, Layout layout, Deadline deadline) {
    this.streamsShards = streamsShards;
    this.tasks = tasks;
    this.layout = layout;
    this.deadline = deadline;
  }

  /** Returns whether an answer came from a standby copy, which may be behind. */
  public boolean isStale() {
    return streamsShards.isStale();
  }

  @Override
  public int productPartitions() {
    return layout.products();
  }

  @Override
  public int productPartition(String productId) {
    return layout.partition(productId);
  }

  @Override
  public int userPartitions() {
    return layout.users();
  }

  @Override
  public boolean isHere(ShardKind shardKind, int partition) {
    return streamsShards.isHere(shardKind, partition);
  }

  @Override
  public ProductShard products(int partition) {
    return new ProductShardClient(
        streamsShards.shard(
            ShardKind.PRODUCTS,
            partition,
            stores -> LocalShards.products(stores, deadline, tasks.of(partition))));
  }

  @Override
  public UserShard users(int partition) {
    return new UserShardClient(
        streamsShards.shard(
            ShardKind.USERS, partition, stores -> LocalShards.users(stores, partition, deadline)));
  }
}
