package dev.sluice.product;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A product that has a source, or had it not long ago.
 *
 * @param sourceType of the source; empty where an older version noted its removal, which kept none
 * @param contains whether the product has it
 * @param removedAtMs when the source was removed, in milliseconds since the epoch; null when it was
 *     not
 * @param stateSinceMs since when the product is in its state; 0 where it is not known
 * @param requests the user's requests for it, some of them where there are many
 * @param requestCount how many there are
 * @param complete whether those are all; else there were too many requests to look through, and
 *     these are the approved and the expired ones
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

  /** Whether the product gives the source to the user. */
  boolean gives() {
    return state == ProductState.ACTIVE
        && contains
        && requests.stream().anyMatch(request -> request.state() == RequestState.APPROVED);
  }
}
