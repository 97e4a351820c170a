package dev.sluice.query;

import dev.sluice.product.AccessRequest;
import dev.sluice.product.Product;
import dev.sluice.product.Requests;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the partition that holds a product: first where events.partitioner puts it, then
 * everywhere, since an older version took events wherever a producer put them.
 */
final class Lookup {
  private final Parts parts;

  Lookup(Parts parts) {
    this.parts = parts;
  }

  /** A product and where it is. */
  record Place(Product product, ProductPart part) {}

  /** The product; null when there is none. */
  @Nullable Place find(String productId) {
    int first = parts.productPartition(productId);
    var found = findIn(productId, first);
    for (int p = 0; p < parts.productPartitions() && found == null; p++) {
      if (p != first) {
        found = findIn(productId, p);
      }
    }
    return found;
  }

  private @Nullable Place findIn(String productId, int partition) {
    var part = parts.products(partition);
    var product = part.product(productId);
    return product == null ? null : new Place(product, part);
  }

  private static long end(AccessRequest request) {
    var end = request.expiresAtMs();
    return end == null ? Long.MAX_VALUE : end;
  }

  /** The requests of a product, as the decider reads them. */
  static Requests requests(ProductPart part, String productId) {
    return new Requests() {
      @Override
      public @Nullable AccessRequest find(String requestId) {
        return part.request(productId, requestId);
      }

      @Override
      public List<AccessRequest> approvedOf(String userId) {
        return part.approvedOf(productId, userId);
      }

      @Override
      public boolean hasApproved(String userId, Set<String> except) {
        return part.hasApproved(productId, userId, except);
      }

      @Override
      public List<AccessRequest> expiredOf(String userId, long afterMs) {
        return part.expiredOf(productId, userId, afterMs);
      }

      @Override
      public @Nullable AccessRequest lastEnded(String userId, long atMs) {
        // What the clock has not come by yet ended after all that it has.
        return Stream.concat(
                expiredOf(userId, Long.MIN_VALUE).stream(),
                approvedOf(userId).stream().sorted(Comparator.comparingLong(Lookup::end)))
            .filter(request -> end(request) <= atMs)
            .reduce((first, second) -> second)
            .orElse(null);
      }
    };
  }
}
