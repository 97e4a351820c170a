package dev.sluice.query;

import dev.sluice.product.DecisionRules;
import dev.sluice.query.shard.Deadline;
import dev.sluice.query.shard.LocalShards;
import dev.sluice.query.shard.ProductShard;
import dev.sluice.query.shard.Scatter;
import dev.sluice.query.shard.ShardCalls;
import dev.sluice.query.shard.Shards;
import dev.sluice.query.shard.UserShard;
import dev.sluice.sim.Cluster;
import java.time.Duration;

/**
 * The parts of a simulated cluster, every other one as if it were at another instance: calls and
 * answers go through JSON.
 */
record ClusterShards(Cluster cluster) implements Shards {

  private static Deadline deadline() {
    return new Deadline(Duration.ofMinutes(1), System::nanoTime);
  }

  static QueryService questions(Cluster cluster) {
    return new QueryService(new ClusterShards(cluster), Scatter.IN_TURN, DecisionRules.DEFAULT);
  }

  @Override
  public int productPartitions() {
    return 1;
  }

  @Override
  public int productPartition(String productId) {
    return 0;
  }

  @Override
  public int userPartitions() {
    return cluster.partitions();
  }

  @Override
  public ProductShard products(int partition) {
    var here = LocalShards.products(cluster.productStores(), deadline(), cluster.statistics());
    return ShardCalls.products(
        (call, arguments) -> ShardCalls.answer(here, partition, call, arguments));
  }

  @Override
  public UserShard users(int partition) {
    var here = LocalShards.users(cluster.userStores(partition), partition, deadline());
    return partition % 2 == 0
        ? here
        : ShardCalls.users(
            (call, arguments) -> ShardCalls.answer(here, partition, call, arguments));
  }
}
