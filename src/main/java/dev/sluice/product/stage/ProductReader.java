package dev.sluice.product.stage;

import dev.sluice.avro.internal.StoredProduct;
import dev.sluice.avro.internal.StoredProductCounters;
import dev.sluice.avro.internal.StoredRequest;
import dev.sluice.keys.StoreKeys;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.ExplainedProduct;
import dev.sluice.product.ExplainedProducts;
import dev.sluice.product.Product;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import dev.sluice.product.Requests;
import dev.sluice.streams.ReadStores;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Read access to the state of one task of the product stage, for queries by other threads. Includes
 * uncommitted writes of the task's thread, except for the counters of products, which are those of
 * the last commit.
 */
public final class ProductReader {
  /** Maximum number of listed requests of one user and product. */
  public static final int LISTED_MAX = 20;

  private static final int ROOM = 1 << 20;

  private final ReadOnlyKeyValueStore<String, StoredProduct> products;
  private final ReadOnlyKeyValueStore<String, StoredProductCounters> counters;
  private final ReadOnlyKeyValueStore<String, StoredRequest> requests;
  private final ReadOnlyKeyValueStore<String, byte[]> approved;

  /**
   * A request and its product.
   *
   * @param request the stored request
   */
  public record Found(String productId, AccessRequest request) {}

  /** Creates a reader over the stores of a task; each read returns their present content. */
  public ProductReader(ReadStores stores) {
    products = stores.typed(ProductStores.PRODUCTS);
    counters = stores.typed(ProductStores.COUNTERS);
    requests = stores.typed(ProductStores.REQUESTS);
    approved = stores.typed(ProductStores.APPROVED);
  }

  /** Returns a product; null if this task has none with that id. */
  public @Nullable Product product(String productId) {
    var stored = products.get(productId);
    return stored == null ? null : product(productId, stored);
  }

  private Product product(String productId, StoredProduct stored) {
    return ProductAvro.product(productId, stored, counters.get(productId));
  }

  /**
   * Visits products one after the other, by productId, after the given one; they are not collected.
   */
  public void products(String after, Predicate<Product> goesOn) {
    try (var entries =
        after.isEmpty() ? products.all() : products.range(StoreKeys.after(after), StoreKeys.LAST)) {
      while (entries.hasNext()) {
        var entry = entries.next();
        if (!goesOn.test(product(entry.key, entry.value))) {
          return;
        }
      }
    }
  }

  /** Returns the requests of one product. */
  public Requests requestsOf(String productId) {
    return stored(productId);
  }

  private StoredRequests stored(String productId) {
    return new StoredRequests(productId, requests, approved);
  }

  /** Visits the requests of a product, by requestId, after the given one. */
  public void requests(String productId, String after, Predicate<AccessRequest> goesOn) {
    stored(productId).visit(after.isEmpty() ? "" : StoreKeys.after(after), goesOn);
  }

  /**
   * Visits the requests with that id. There may be several, since ids are unique only within a
   * product.
   */
  public void find(String requestId, Predicate<Found> goesOn) {
    try (var entries = products.all()) {
      while (entries.hasNext()) {
        var productId = entries.next().key;
        var request = stored(productId).find(requestId);
        if (request != null && !goesOn.test(new Found(productId, request))) {
          return;
        }
      }
    }
  }

  /** Visits a user's approved requests, by requestId; they are not collected. */
  public void approvedOf(String productId, String userId, Predicate<AccessRequest> goesOn) {
    stored(productId).visitApproved(userId, goesOn);
  }

  /**
   * Visits a user's EXPIRED requests that ended after that time, by their end; they are not
   * collected.
   */
  public void expiredOf(
      String productId, String userId, long afterMs, Predicate<AccessRequest> goesOn) {
    stored(productId).visitExpired(userId, afterMs, goesOn);
  }

  /** Returns the number of a user's approved requests, without reading any request. */
  public long approvedCount(String productId, String userId) {
    return stored(productId).approvedCount(userId);
  }

  /**
   * Returns the products that contain a source or are known to have contained the source, with a
   * user's requests. A product that has the id with several types is listed once for each type.
   *
   * @param sourceType of the source; empty for every type with that id
   * @param lookMax maximum number of requests of a product that are read
   * @param late returns whether the time for reading more is over
   */
  public ExplainedProducts candidates(
      String userId, String sourceId, String sourceType, int lookMax, BooleanSupplier late) {
    var found = new ExplainedProducts.Taking();
    var room = new Room();
    try (var entries = products.all()) {
      while (entries.hasNext()) {
        var entry = entries.next();
        var product = product(entry.key, entry.value);
        var has = new TreeMap<String, Boolean>();
        var removedAt = new HashMap<String, Long>();
        for (var removed : product.history().removed()) {
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
          candidates(product, has, removedAt, userId, lookMax, late, room).forEach(found::take);
        }
      }
    }
    return found.all();
  }

  private List<ExplainedProduct> candidates(
      Product product,
      SortedMap<String, Boolean> has,
      Map<String, Long> removedAt,
      String userId,
      int lookMax,
      BooleanSupplier late,
      Room room) {
    var all = new Kept(room);
    var total = product.requests().total();
    var complete =
        product.state() == ProductState.DELETED || (total <= lookMax && !late.getAsBoolean());
    if (product.state() != ProductState.DELETED) {
      var of = stored(product.productId());
      if (complete) {
        of.visit(
            "",
            request -> {
              if (request.userId().equals(userId)) {
                all.add(request);
              }
              return true;
            });
      } else {
        of.visitApproved(
            userId,
            request -> {
              all.add(request);
              return all.approved.size() < LISTED_MAX && all.count < LISTED_MAX;
            });
        all.count = of.approvedCount(userId);
        of.visitScheduled(
            userId,
            request -> {
              all.add(request);
              return true;
            });
        of.visitExpired(
            userId,
            Long.MIN_VALUE,
            request -> {
              all.add(request);
              return true;
            });
      }
    }
    var found = new ArrayList<ExplainedProduct>();
    has.forEach(
        (type, contains) ->
            found.add(
                new ExplainedProduct(
                    product.productId(),
                    product.state(),
                    product.revision(),
                    product.history().stateSinceMs(),
                    type,
                    contains,
                    contains ? null : removedAt.get(type),
                    all.list(),
                    all.count,
                    complete)));
    return found;
  }

  /** Budget of characters for the requests of all products together. */
  private static final class Room {
    private int left = ROOM;
  }

  /** The listed requests of a user, approved ones first, and their number. */
  private static final class Kept {
    private final Room room;
    private final List<AccessRequest> approved = new ArrayList<>();
    private final List<AccessRequest> others = new ArrayList<>();
    private long count;

    Kept(Room room) {
      this.room = room;
    }

    void add(AccessRequest request) {
      count++;
      var list = request.state() == RequestState.APPROVED ? approved : others;
      var size = list.size() < LISTED_MAX ? request.toString().length() : 0;
      if (list.size() < LISTED_MAX && size <= room.left) {
        list.add(request);
        room.left -= size;
      } else if (list.isEmpty()) {
        list.add(request.brief()); // its existence must be known
      }
    }

    List<AccessRequest> list() {
      return Stream.concat(approved.stream(), others.stream())
          .limit(LISTED_MAX)
          .sorted(Comparator.comparing(AccessRequest::requestId))
          .toList();
    }
  }
}
