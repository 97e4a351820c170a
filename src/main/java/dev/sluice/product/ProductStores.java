package dev.sluice.product;

import dev.sluice.avro.internal.StoredProduct;
import dev.sluice.avro.internal.StoredRequest;
import dev.sluice.serde.SingleObjectSerde;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** The product stage's state. Every key starts with the product's id. */
final class ProductStores {

  /** productId → product. */
  static final String PRODUCTS = "products";

  /** productId|requestId → request. */
  static final String REQUESTS = "requests";

  /** productId|userId|requestId, of approved requests. */
  static final String APPROVED = "approved-requests";

  /** productId|requestId, of pending requests. */
  static final String PENDING = "pending-requests";

  private static final byte[] PRESENT = {};
  private static final StringSerializer PREFIX = new StringSerializer();

  private final KeyValueStore<String, StoredProduct> products;
  private final KeyValueStore<String, StoredRequest> requests;
  private final KeyValueStore<String, byte[]> approved;
  private final KeyValueStore<String, byte[]> pending;

  ProductStores(ProcessorContext<?, ?> context) {
    products = context.getStateStore(PRODUCTS);
    requests = context.getStateStore(REQUESTS);
    approved = context.getStateStore(APPROVED);
    pending = context.getStateStore(PENDING);
  }

  static Set<StoreBuilder<?>> builders(Function<String, KeyValueBytesStoreSupplier> kind) {
    return Set.of(
        Stores.keyValueStoreBuilder(
            kind.apply(PRODUCTS), Serdes.String(), new SingleObjectSerde<>(StoredProduct.class)),
        Stores.keyValueStoreBuilder(
            kind.apply(REQUESTS), Serdes.String(), new SingleObjectSerde<>(StoredRequest.class)),
        Stores.keyValueStoreBuilder(kind.apply(APPROVED), Serdes.String(), Serdes.ByteArray()),
        Stores.keyValueStoreBuilder(kind.apply(PENDING), Serdes.String(), Serdes.ByteArray()));
  }

  @Nullable Product product(String productId) {
    var stored = products.get(productId);
    return stored == null ? null : ProductAvro.product(productId, stored);
  }

  void put(Product product) {
    products.put(product.productId(), ProductAvro.stored(product));
  }

  void put(String productId, AccessRequest request) {
    var key = productId + '|' + request.requestId();
    requests.put(key, ProductAvro.stored(request));
    index(pending, key, request.state() == RequestState.PENDING);
    index(
        approved,
        productId + '|' + request.userId() + '|' + request.requestId(),
        request.state() == RequestState.APPROVED);
  }

  private static void index(KeyValueStore<String, byte[]> index, String key, boolean present) {
    if (present) {
      index.put(key, PRESENT);
    } else if (index.get(key) != null) {
      index.delete(key);
    }
  }

  /** The requests of one product. */
  Requests requestsOf(String productId) {
    return new Requests() {
      @Override
      public @Nullable AccessRequest find(String requestId) {
        var stored = requests.get(productId + '|' + requestId);
        return stored == null ? null : ProductAvro.request(stored);
      }

      @Override
      public List<AccessRequest> approvedOf(String userId) {
        return indexed(approved, productId + '|' + userId + '|');
      }

      @Override
      public List<AccessRequest> pending() {
        return indexed(pending, productId + '|');
      }

      private List<AccessRequest> indexed(KeyValueStore<String, byte[]> index, String prefix) {
        var found = new ArrayList<AccessRequest>();
        try (var entries = index.prefixScan(prefix, PREFIX)) {
          while (entries.hasNext()) {
            var requestId = entries.next().key.substring(prefix.length());
            var request = find(requestId);
            if (request == null) {
              throw new IllegalStateException("index names the missing request " + requestId);
            }
            found.add(request);
          }
        }
        return found;
      }
    };
  }
}
