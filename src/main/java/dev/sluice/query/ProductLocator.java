package dev.sluice.query;

import dev.sluice.product.AccessRequest;
import dev.sluice.product.Product;
import dev.sluice.product.Requests;
import dev.sluice.query.model.PartialList;
import dev.sluice.query.shard.ProductShard;
import dev.sluice.query.shard.Shards;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the partition of a product: first the one of events.partitioner, then all others, since an
 * older version accepted events in any partition.
 */
final class ProductLocator {
  private final Shards shards;

  ProductLocator(Shards shards) {
    this.shards = shards;
  }

  /** A product and its partition. */
  record Place(Product product, ProductShard part) {}

  /** Returns the product; null if it does not exist. */
  @Nullable Place find(String productId) {
    int first = shards.productPartition(productId);
    var found = findIn(productId, first);
    for (int p = 0; p < shards.productPartitions() && found == null; p++) {
      if (p != first) {
        found = findIn(productId, p);
      }
    }
    return found;
  }

  private @Nullable Place findIn(String productId, int partition) {
    var part = shards.products(partition);
    var product = part.product(productId);
    return product == null ? null : new Place(product, part);
  }

  private static void show(
      PartialList<AccessRequest> some, String userId, Predicate<AccessRequest> goesOn) {
    if (some.more()) {
      throw new QueryTooLargeException(
          "user %s has too many or too large requests for the product to read all of them: name one by its requestId"
              .formatted(userId));
    }
    for (var request : some.items()) {
      if (!goesOn.test(request)) {
        return;
      }
    }
  }

  /** Returns the requests of a product in the form for the decider. */
  static Requests requests(ProductShard part, String productId) {
    return new Requests() {
      @Override
      public @Nullable AccessRequest find(String requestId) {
        return part.request(productId, requestId);
      }

      @Override
      public void visitApproved(String userId, Predicate<AccessRequest> goesOn) {
        show(part.approvedOf(productId, userId), userId, goesOn);
      }

      @Override
      public void visitScheduled(String userId, Predicate<AccessRequest> goesOn) {
        show(part.scheduledOf(productId, userId), userId, goesOn);
      }

      @Override
      public boolean hasApproved(String userId, Set<String> except) {
        return part.hasApproved(productId, userId, except);
      }

      @Override
      public void visitExpired(String userId, long afterMs, Predicate<AccessRequest> goesOn) {
        show(part.expiredOf(productId, userId, afterMs), userId, goesOn);
      }

      @Override
      public @Nullable AccessRequest lastEnded(String userId, long atMs) {
        return part.lastEnded(productId, userId, atMs);
      }
    };
  }
}
