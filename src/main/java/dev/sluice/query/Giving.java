package dev.sluice.query;

import dev.sluice.product.AccessRequest;
import dev.sluice.product.Product;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A product, and a user's approved requests for it.
 *
 * @param product without its details
 * @param approved by requestId, the first of them
 * @param approvedCount how many there are
 */
record Giving(Product product, List<Given> approved, long approvedCount) {

  /** So many are told. */
  static final int LISTED = 10;

  /** An approved request: since when and until when, in milliseconds since the epoch. */
  record Given(String requestId, @Nullable Long sinceMs, @Nullable Long untilMs) {
    static Given of(AccessRequest request) {
      return new Given(request.requestId(), request.grantedAtMs(), request.expiresAtMs());
    }
  }
}
