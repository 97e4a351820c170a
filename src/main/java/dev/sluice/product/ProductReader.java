package dev.sluice.product;

import dev.sluice.access.ReadStores;
import dev.sluice.access.SourceRef;
import dev.sluice.avro.internal.StoredProduct;
import dev.sluice.avro.internal.StoredRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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
   * The products that have a source, or are known to have had it, with a user's requests. One that
   * has, or had, a source of that id under several types is there for each.
   *
   * @param sourceType of the source; empty for every type that there is of that id
   * @param lookMax so many requests of a product are looked through at most
   * @param late whether it takes too long to look through more
   */
  public List<Candidate> candidates(
      String userId, String sourceId, String sourceType, int lookMax, BooleanSupplier late) {
    var found = new ArrayList<Candidate>();
    try (var entries = products.all()) {
      while (entries.hasNext()) {
        var entry = entries.next();
        var product = ProductAvro.product(entry.key, entry.value);
        var has = new TreeMap<String, Boolean>();
        var removedAt = new HashMap<String, Long>();
        for (var removed : product.past().removed()) {
          var type = removed.sourceType();
          if (removed.sourceId().equals(sourceId)
              && (sourceType.isEmpty() || type.isEmpty() || type.equals(sourceType))) {
            has.put(type, false);
            removedAt.putIfAbsent(type, removed.atMs());
          }
        }
        for (var source : product.sources().tailSet(new SourceRef(sourceId, sourceType))) {
          if (!source.sourceId().equals(sourceId)
              || !(sourceType.isEmpty() || source.sourceType().equals(sourceType))) {
            break;
          }
          has.put(source.sourceType(), true);
        }
        if (!has.isEmpty()) {
          found.addAll(candidates(product, has, removedAt, userId, lookMax, late));
        }
      }
    }
    return found;
  }

  private List<Candidate> candidates(
      Product product,
      SortedMap<String, Boolean> has,
      Map<String, Long> removedAt,
      String userId,
      int lookMax,
      BooleanSupplier late) {
    var all = new ArrayList<AccessRequest>();
    var total = product.requests().total();
    var complete =
        product.state() == ProductState.DELETED || (total <= lookMax && !late.getAsBoolean());
    if (product.state() != ProductState.DELETED) {
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
    var found = new ArrayList<Candidate>();
    has.forEach(
        (type, contains) ->
            found.add(
                new Candidate(
                    product.productId(),
                    product.state(),
                    product.revision(),
                    product.past().stateSinceMs(),
                    type,
                    contains,
                    contains ? null : removedAt.get(type),
                    all,
                    complete)));
    return found;
  }
}
