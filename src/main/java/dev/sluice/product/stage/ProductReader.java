package dev.sluice.product.stage;

import dev.sluice.avro.internal.StoredProduct;
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
 * What one task of the product stage knows, for those who ask from outside. It reads what the
 * task's thread has written, committed or not.
 */
public final class ProductReader {
  /** So many requests of one user and product are told. */
  public static final int LISTED_MAX = 20;

  private static final int ROOM = 1 << 20;

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

  /** Products, by productId, after that one: each is shown one after the other and not kept. */
  public void products(String after, Predicate<Product> goesOn) {
    try (var entries =
        after.isEmpty() ? products.all() : products.range(StoreKeys.after(after), StoreKeys.LAST)) {
      while (entries.hasNext()) {
        var entry = entries.next();
        if (!goesOn.test(ProductAvro.product(entry.key, entry.value))) {
          return;
        }
      }
    }
  }

  /** The requests of one product. */
  public Requests requestsOf(String productId) {
    return stored(productId);
  }

  private StoredRequests stored(String productId) {
    return new StoredRequests(productId, requests, approved);
  }

  /** Requests of a product, by requestId, after that one. */
  public void requests(String productId, String after, Predicate<AccessRequest> goesOn) {
    stored(productId).visit(after.isEmpty() ? "" : StoreKeys.after(after), goesOn);
  }

  /** The requests of that id: ids are a product's own, so that there may be several. */
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

  /** A user's approved requests, by requestId: each is shown and not kept. */
  public void approvedOf(String productId, String userId, Predicate<AccessRequest> goesOn) {
    stored(productId).visitApproved(userId, goesOn);
  }

  /** A user's EXPIRED requests that ended after that time, by their end: likewise. */
  public void expiredOf(
      String productId, String userId, long afterMs, Predicate<AccessRequest> goesOn) {
    stored(productId).visitExpired(userId, afterMs, goesOn);
  }

  /** How many approved requests a user has; it reads no request. */
  public long approvedCount(String productId, String userId) {
    return stored(productId).approvedCount(userId);
  }

  /**
   * The products that have a source, or are known to have had it, with a user's requests. One that
   * has, or had, a source of that id under several types is there for each.
   *
   * @param sourceType of the source; empty for every type that there is of that id
   * @param lookMax so many requests of a product are looked through at most
   * @param late whether it takes too long to look through more
   */
  public ExplainedProducts candidates(
      String userId, String sourceId, String sourceType, int lookMax, BooleanSupplier late) {
    var found = new ExplainedProducts.Taking();
    var room = new Room();
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
                    product.past().stateSinceMs(),
                    type,
                    contains,
                    contains ? null : removedAt.get(type),
                    all.list(),
                    all.count,
                    complete)));
    return found;
  }

  /** What all candidates together may hold of requests, in characters. */
  private static final class Room {
    private int left = ROOM;
  }

  /** The requests of a user that are told, approved ones before others, and how many there are. */
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
        list.add(request.brief()); // that there is one must be known
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
