package dev.sluice.query.shard;

/** All partitions, as far as one question may reach them. */
public interface Shards {

  /** How many partitions of products there are. */
  int productPartitions();

  /** Where producers put the events of a product, and so where it is: a partition of products. */
  int productPartition(String productId);

  /** How many partitions of users there are. */
  int userPartitions();

  /** Whether a partition is read here, and no other instance is asked. */
  default boolean isHere(ShardKind shardKind, int partition) {
    return true;
  }

  /**
   * One partition of products.
   *
   * @throws ShardUnavailableException when nobody can answer for it now; so do the part's methods
   */
  ProductShard products(int partition);

  /**
   * One partition of users.
   *
   * @throws ShardUnavailableException when nobody can answer for it now; so do the part's methods
   */
  UserShard users(int partition);
}
