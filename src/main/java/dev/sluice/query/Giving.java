package dev.sluice.query;

import dev.sluice.access.SourceRef;
import dev.sluice.product.AccessRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a product gives a user.
 *
 * @param revision of the product
 * @param sources some of them, in order; empty where the product gives nothing
 * @param approved the user's approved requests by requestId, the first of them
 * @param approvedCount how many there are
 */
record Giving(
    String productId,
    long revision,
    List<SourceRef> sources,
    List<Given> approved,
    long approvedCount) {

  /** So many are told. */
  static final int LISTED = 10;

  /** So many products are asked about at once. */
  static final int IDS_MAX = 200;

  /** An approved request: since when and until when, in milliseconds since the epoch. */
  record Given(String requestId, @Nullable Long sinceMs, @Nullable Long untilMs) {
    static Given of(AccessRequest request) {
      return new Given(request.requestId(), request.grantedAtMs(), request.expiresAtMs());
    }
  }

  /**
   * What the first of some products give.
   *
   * @param items one for each that is there
   * @param looked how many products were looked at: at least one, and the rest is to be asked again
   */
  record Some(List<Giving> items, int looked) {}
}
