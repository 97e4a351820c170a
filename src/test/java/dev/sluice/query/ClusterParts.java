package dev.sluice.query;

import dev.sluice.product.Rules;
import dev.sluice.sim.Cluster;
import java.time.Duration;

/**
 * The parts of a simulated cluster, every other one as if it were at another instance: calls and
 * answers go through JSON.
 */
record ClusterParts(Cluster cluster) implements Parts {

  private static Deadline deadline() {
    return new Deadline(Duration.ofMinutes(1), System::nanoTime);
  }

  static Questions questions(Cluster cluster) {
    return new Questions(new ClusterParts(cluster), Scatter.IN_TURN, Rules.DEFAULT);
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
  public ProductPart products(int partition) {
    var here = LocalParts.products(cluster.productStores(), deadline());
    return PartCalls.elsewhere(
        ProductPart.class,
        (call, arguments) -> PartCalls.answer(ProductPart.class, here, call, arguments));
  }

  @Override
  public UserPart users(int partition) {
    var here = LocalParts.users(cluster.userStores(partition), partition, deadline());
    return partition % 2 == 0
        ? here
        : PartCalls.elsewhere(
            UserPart.class,
            (call, arguments) -> PartCalls.answer(UserPart.class, here, call, arguments));
  }
}
