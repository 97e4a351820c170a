package dev.sluice.product;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A product that contains a source, or contained the source recently.
 *
 * @param sourceType the source's type; empty if an older version recorded the removal, without the
 *     type
 * @param contains whether the product contains the source
 * @param removedAtMs the time of the source's removal, in milliseconds since the epoch; null if the
 *     source was not removed
 * @param stateSinceMs the time since which the product has been in its state; 0 if unknown
 * @param requests the user's requests for the product, only some if there are many
 * @param requestCount the number of the user's requests
 * @param complete whether all requests were read; else there were too many, and these are the
 *     approved and the expired ones
 */
public record ExplainedProduct(
    String productId,
    ProductState state,
    long revision,
    long stateSinceMs,
    String sourceType,
    boolean contains,
    @Nullable Long removedAtMs,
    List<AccessRequest> requests,
    long requestCount,
    boolean complete) {

  /** Returns whether the product gives the source to the user. */
  boolean gives() {
    return state == ProductState.ACTIVE
        && contains
        && requests.stream().anyMatch(request -> request.state() == RequestState.APPROVED);
  }
}
