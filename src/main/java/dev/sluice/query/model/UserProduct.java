package dev.sluice.query.model;

import dev.sluice.product.AccessRequest;
import dev.sluice.update.SourceRef;
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
public record UserProduct(
    String productId,
    long revision,
    List<SourceRef> sources,
    List<ApprovedRequest> approved,
    long approvedCount) {

  /** So many are told. */
  public static final int LISTED = 10;

  /** So many products are asked about at once. */
  public static final int IDS_MAX = 200;

  /** An approved request: since when and until when, in milliseconds since the epoch. */
  public record ApprovedRequest(String requestId, @Nullable Long sinceMs, @Nullable Long untilMs) {
    public static ApprovedRequest of(AccessRequest request) {
      return new ApprovedRequest(request.requestId(), request.grantedAtMs(), request.expiresAtMs());
    }
  }

  /**
   * What the first of some products give.
   *
   * @param items one for each that is there
   * @param looked how many products were looked at: at least one, and the rest is to be asked again
   */
  public record Some(List<UserProduct> items, int looked) {}
}
