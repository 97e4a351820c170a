package dev.sluice.query.shard;

/** All partitions of outstanding commands within reach of one query. */
public interface DeliveryShards {

  /** Returns the number of partitions of access-commands. */
  int deliveryPartitions();

  /** Returns the partition in which the commands of a user and source are. */
  int deliveryPartition(String commandKey);

  /** Returns whether a partition is read in this process, without a call to another one. */
  default boolean isHere(int partition) {
    return true;
  }

  /**
   * Returns one partition.
   *
   * @throws ShardUnavailableException if no process can answer for it now; the shard's methods
   *     throw it too
   */
  DeliveryShard deliveries(int partition);
}
