package dev.sluice.query.model;

import dev.sluice.product.AccessRequest;
import dev.sluice.update.SourceRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sources that a product gives to a user.
 *
 * @param revision of the product
 * @param sources some of them, in order; empty if the product gives none
 * @param approved the first approved requests of the user, by requestId
 * @param approvedCount number of approved requests
 */
public record UserProduct(
    String productId,
    long revision,
    List<SourceRef> sources,
    List<ApprovedRequest> approved,
    long approvedCount) {

  /** Maximum number of requests listed. */
  public static final int LISTED = 10;

  /** Maximum number of products in one call. */
  public static final int IDS_MAX = 200;

  /** An approved request with its start and end, in milliseconds since the epoch. */
  public record ApprovedRequest(String requestId, @Nullable Long sinceMs, @Nullable Long untilMs) {
    public static ApprovedRequest of(AccessRequest request) {
      return new ApprovedRequest(request.requestId(), request.grantedAtMs(), request.expiresAtMs());
    }
  }

  /**
   * Results for the first of several products.
   *
   * @param items one for each existing product
   * @param looked number of products processed, at least one; the rest must be requested again
   */
  public record Some(List<UserProduct> items, int looked) {}
}
