package dev.sluice.query.shard;

/** All partitions within reach of one query. */
public interface Shards {

  /** Returns the number of partitions of products. */
  int productPartitions();

  /** Returns the partition of products to which producers send the events of a product. */
  int productPartition(String productId);

  /** Returns the number of partitions of users. */
  int userPartitions();

  /** Returns whether a partition is read in this process, without a call to another worker. */
  default boolean isHere(ShardKind shardKind, int partition) {
    return true;
  }

  /**
   * Returns one partition of products.
   *
   * @throws ShardUnavailableException if no worker can answer for it now; the part's methods throw
   *     it too
   */
  ProductShard products(int partition);

  /**
   * Returns one partition of users.
   *
   * @throws ShardUnavailableException if no worker can answer for it now; the part's methods throw
   *     it too
   */
  UserShard users(int partition);
}
