package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.keys.EventPartitioner;
import dev.sluice.query.shard.LiveShards;
import dev.sluice.query.shard.ProductShard;
import dev.sluice.query.shard.Shards;
import dev.sluice.query.shard.UserShard;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductLocatorTest {

  /** Partitions of products that hold nothing, and remember that they were asked. */
  private static final class Empty implements Shards {
    private final LiveShards.Layout layout;
    private final List<Integer> asked = new ArrayList<>();

    private Empty(EventPartitioner partitioner) {
      layout = new LiveShards.Layout(partitioner, 6, 1);
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
    public ProductShard products(int partition) {
      asked.add(partition);
      return (ProductShard)
          Proxy.newProxyInstance(
              ProductShard.class.getClassLoader(),
              new Class<?>[] {ProductShard.class},
              (proxy, method, arguments) -> null);
    }

    @Override
    public UserShard users(int partition) {
      throw new UnsupportedOperationException();
    }
  }

  /** As {@code PartitionerPlacementTest} has them of other clients. */
  @ParameterizedTest
  @CsvSource({"p1,MURMUR2,2", "p1,CRC32,1", "sales,MURMUR2,4", "sales,CRC32,2"})
  void shouldAskTheExpectedPartitionFirst(
      String productId, EventPartitioner partitioner, int first) {
    var parts = new Empty(partitioner);

    assertThat(new ProductLocator(parts).find(productId)).isNull();

    assertThat(parts.asked).startsWith(first).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
  }
}
