package dev.sluice.product;

import dev.sluice.access.ReadStores;
import dev.sluice.avro.internal.StoredProduct;
import dev.sluice.avro.internal.StoredRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What one task of the product stage knows, for those who ask from outside. It reads what the
 * task's thread has written, committed or not.
 */
public final class ProductReader {
  private final ReadOnlyKeyValueStore<String, StoredProduct> products;
  private final ReadOnlyKeyValueStore<String, StoredRequest> requests;
  private final ReadOnlyKeyValueStore<String, byte[]> approved;

  /**
   * A request and its product.
   *
   * @param request as it is stored
   */
  public record Found(String productId, AccessRequest request) {}

  /** Over the stores of a task, as they are when they are read. */
  public ProductReader(ReadStores stores) {
    products = stores.typed(ProductStores.PRODUCTS);
    requests = stores.typed(ProductStores.REQUESTS);
    approved = stores.typed(ProductStores.APPROVED);
  }

  /** One product; null when this task has none of that id. */
  public @Nullable Product product(String productId) {
    var stored = products.get(productId);
    return stored == null ? null : ProductAvro.product(productId, stored);
  }

  /** Up to so many products, by productId, after that one. */
  public List<Product> products(String after, int max) {
    var found = new ArrayList<Product>();
    try (var entries = after.isEmpty() ? products.all() : products.range(after + '\0', LAST_KEY)) {
      while (entries.hasNext() && found.size() < max) {
        var entry = entries.next();
        found.add(ProductAvro.product(entry.key, entry.value));
      }
    }
    return found;
  }

  /** Comes after every key, as no id is so long. */
  private static final String LAST_KEY = Character.toString(Character.MAX_CODE_POINT).repeat(300);

  /** The requests of one product. */
  public Requests requestsOf(String productId) {
    return stored(productId);
  }

  private StoredRequests stored(String productId) {
    return new StoredRequests(productId, requests, approved);
  }

  /** Up to so many requests of a product, by requestId, after that one. */
  public List<AccessRequest> requests(String productId, String after, int max) {
    return stored(productId).from(after.isEmpty() ? "" : after + '\0', max);
  }

  /** The requests of that id: ids are a product's own, so that there may be several. */
  public List<Found> find(String requestId, int max) {
    var found = new ArrayList<Found>();
    try (var entries = products.all()) {
      while (entries.hasNext() && found.size() < max) {
        var productId = entries.next().key;
        var request = stored(productId).find(requestId);
        if (request != null) {
          found.add(new Found(productId, request));
        }
      }
    }
    return found;
  }

  /**
   * The products that have a source, or are known to have had it, with a user's requests.
   *
   * @param lookMax so many requests of a product are looked through at most
   * @param late whether it takes too long to look through more
   */
  public List<Candidate> candidates(
      String userId, String sourceId, int lookMax, BooleanSupplier late) {
    var found = new ArrayList<Candidate>();
    try (var entries = products.all()) {
      while (entries.hasNext()) {
        var entry = entries.next();
        var product = ProductAvro.product(entry.key, entry.value);
        var type = product.sources().get(sourceId);
        var removed =
            product.past().removed().stream()
                .filter(r -> r.sourceId().equals(sourceId))
                .map(ProductPast.Removed::atMs)
                .findFirst()
                .orElse(null);
        if (type != null || removed != null) {
          found.add(candidate(product, type, removed, userId, lookMax, late));
        }
      }
    }
    return found;
  }

  private Candidate candidate(
      Product product,
      @Nullable String type,
      @Nullable Long removedAtMs,
      String userId,
      int lookMax,
      BooleanSupplier late) {
    var all = new ArrayList<AccessRequest>();
    var complete = true;
    var total = product.requests().total();
    if (product.state() != ProductState.DELETED) {
      complete = total <= lookMax && !late.getAsBoolean();
      var of = stored(product.productId());
      if (complete) {
        for (var request : of.from("", lookMax)) {
          if (request.userId().equals(userId)) {
            all.add(request);
          }
        }
      } else {
        all.addAll(of.approvedOf(userId));
        all.addAll(of.expiredOf(userId, Long.MIN_VALUE));
      }
    }
    return new Candidate(
        product.productId(),
        product.state(),
        product.revision(),
        product.past().stateSinceMs(),
        type,
        removedAtMs,
        all,
        complete);
  }
}
