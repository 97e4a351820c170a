package dev.sluice.product.stage;

import dev.sluice.avro.internal.StoredDeletion;
import dev.sluice.avro.internal.StoredProduct;
import dev.sluice.avro.internal.StoredRequest;
import dev.sluice.keys.StoreKeys;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.ExpirySchedule;
import dev.sluice.product.Product;
import dev.sluice.product.Requests;
import dev.sluice.serde.SingleObjectSerde;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** The product stage's state. */
final class ProductStores {
  /** productId → product. */
  static final String PRODUCTS = "products";

  /** productId|requestId → request. */
  static final String REQUESTS = "requests";

  /**
   * Index of granted requests: productId|userId|requestId of APPROVED requests, and
   * productId||userId|end|requestId of EXPIRED ones. The EXPIRED ones are apart and sorted by their
   * ends, so that no scan covers requests that ended long ago. No id is empty.
   */
  static final String APPROVED = "approved-requests";

  /**
   * time|kind|productId|requestId of due entries; after all times, under {@link
   * StoreKeys#EVENT_READ}, the offset of the last event.
   */
  static final String DUE = "due";

  /** productId → the deletion whose requests are still being removed. */
  static final String DELETIONS = "deletions";

  private static final byte[] PRESENT = {};

  private final KeyValueStore<String, StoredProduct> products;
  private final KeyValueStore<String, StoredRequest> requests;
  private final KeyValueStore<String, byte[]> approved;
  private final DueIndex due;
  private final KeyValueStore<String, byte[]> position;
  private final KeyValueStore<String, StoredDeletion> deletions;
  private final ExpirySchedule expirySchedule;
  private final TaskStatistics statistics = new TaskStatistics();
  private final ProductCounter counter;

  ProductStores(ProcessorContext<?, ?> context, ExpirySchedule expirySchedule) {
    products = context.getStateStore(PRODUCTS);
    requests = context.getStateStore(REQUESTS);
    approved = context.getStateStore(APPROVED);
    position = context.getStateStore(DUE);
    due = new DueIndex(position, statistics);
    deletions = context.getStateStore(DELETIONS);
    this.expirySchedule = expirySchedule;
    counter = new ProductCounter(products, statistics);
  }

  static Set<StoreBuilder<?>> builders(Function<String, KeyValueBytesStoreSupplier> kind) {
    var text = Serdes.String();
    return Set.of(
        Stores.keyValueStoreBuilder(
            kind.apply(PRODUCTS), text, new SingleObjectSerde<>(StoredProduct.class)),
        Stores.keyValueStoreBuilder(
            kind.apply(REQUESTS), text, new SingleObjectSerde<>(StoredRequest.class)),
        Stores.keyValueStoreBuilder(kind.apply(APPROVED), text, Serdes.ByteArray()),
        // Written with every event, but only the value at a commit matters.
        Stores.keyValueStoreBuilder(kind.apply(DUE), text, Serdes.ByteArray()).withCachingEnabled(),
        Stores.keyValueStoreBuilder(
            kind.apply(DELETIONS), text, new SingleObjectSerde<>(StoredDeletion.class)));
  }

  /** Records that the event at that offset is processed. */
  void read(long offset) {
    position.put(StoreKeys.EVENT_READ, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
  }

  @Nullable Product product(String productId) {
    var stored = products.get(productId);
    return stored == null ? null : ProductAvro.product(productId, stored);
  }

  /**
   * Stores a product.
   *
   * @param before the stored product; null if there was none
   */
  void put(@Nullable Product before, Product product) {
    products.put(product.productId(), ProductAvro.stored(product));
    counter.changed(before, product);
  }

  /** Returns the task's statistics, always the same object. */
  TaskStatistics statistics() {
    return statistics;
  }

  /** Counts the products that the task found at its start, portion by portion. */
  ProductCounter counter() {
    return counter;
  }

  /** Stores a request and updates the indexes. */
  void put(String productId, AccessRequest request) {
    var key = StoreKeys.request(productId, request.requestId());
    var before = request(key);
    index(productId, before, request);
    requests.put(key, ProductAvro.stored(request));
  }

  /** Removes a request and its index entries. */
  void remove(String productId, AccessRequest request) {
    index(productId, request, null);
    requests.delete(StoreKeys.request(productId, request.requestId()));
  }

  private void index(
      String productId, @Nullable AccessRequest before, @Nullable AccessRequest after) {
    var approvedBefore = StoredRequests.approvedKey(productId, before);
    var approvedAfter = StoredRequests.approvedKey(productId, after);
    if (!Objects.equals(approvedBefore, approvedAfter)) {
      if (approvedBefore != null) {
        approved.delete(approvedBefore);
      }
      if (approvedAfter != null) {
        approved.put(approvedAfter, PRESENT);
      }
    }
    var dueBefore = dueKeys(productId, before);
    var dueAfter = dueKeys(productId, after);
    for (var key : dueBefore) {
      if (!dueAfter.contains(key)) {
        due.remove(key);
      }
    }
    for (var key : dueAfter) {
      if (!dueBefore.contains(key)) {
        due.add(key);
      }
    }
  }

  private List<String> dueKeys(String productId, @Nullable AccessRequest request) {
    return request == null
        ? List.of()
        : expirySchedule.of(request).stream()
            .map(d -> d.key(productId, request.requestId()))
            .toList();
  }

  private @Nullable AccessRequest request(String key) {
    var stored = requests.get(key);
    return stored == null ? null : ProductAvro.request(stored);
  }

  /** Returns the requests of one product. */
  Requests requestsOf(String productId) {
    return new StoredRequests(productId, requests, approved);
  }

  /**
   * Visits a product's requests one after the other, by requestId, from the given one on. The
   * visitor may remove the current request.
   *
   * @return whether all were visited
   */
  boolean visit(String productId, String fromRequestId, Predicate<AccessRequest> goesOn) {
    return new StoredRequests(productId, requests, approved).visit(fromRequestId, goesOn);
  }

  /** Returns the index of due entries. */
  DueIndex due() {
    return due;
  }

  /** Returns a deletion that is not finished; null if all are. */
  @Nullable String nextDeletion() {
    try (var entries = deletions.all()) {
      return entries.hasNext() ? entries.next().key : null;
    }
  }

  @Nullable StoredDeletion deletion(String productId) {
    return deletions.get(productId);
  }

  void put(String productId, StoredDeletion deletion) {
    deletions.put(productId, deletion);
  }

  void removeDeletion(String productId) {
    deletions.delete(productId);
  }
}
