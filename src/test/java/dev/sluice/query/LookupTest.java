package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.topology.EventPartitioner;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookupTest {

  /** Partitions of products that hold nothing, and remember that they were asked. */
  private static final class Empty implements Parts {
    private final LiveParts.Spread spread;
    private final List<Integer> asked = new ArrayList<>();

    private Empty(EventPartitioner partitioner) {
      spread = new LiveParts.Spread(partitioner, 6, 1);
    }

    @Override
    public int productPartitions() {
      return spread.products();
    }

    @Override
    public int productPartition(String productId) {
      return spread.partition(productId);
    }

    @Override
    public int userPartitions() {
      return spread.users();
    }

    @Override
    public ProductPart products(int partition) {
      asked.add(partition);
      return (ProductPart)
          Proxy.newProxyInstance(
              ProductPart.class.getClassLoader(),
              new Class<?>[] {ProductPart.class},
              (proxy, method, arguments) -> null);
    }

    @Override
    public UserPart users(int partition) {
      throw new UnsupportedOperationException();
    }
  }

  /** As {@code EventPlacesTest} has them of other clients. */
  @ParameterizedTest
  @CsvSource({"p1,MURMUR2,2", "p1,CRC32,1", "sales,MURMUR2,4", "sales,CRC32,2"})
  void shouldLookFirstWhereProducersPutTheProductAndThenEverywhereElse(
      String productId, EventPartitioner partitioner, int first) {
    var parts = new Empty(partitioner);

    assertThat(new Lookup(parts).find(productId)).isNull();

    assertThat(parts.asked).startsWith(first).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
  }
}
