package dev.sluice.access;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A user's membership in a product.
 *
 * @param revision the newest revision in the user's task
 * @param active whether the product gives access at that revision
 * @param deleted whether the product is deleted
 * @param emittedRevision the revision up to which the user's commands are emitted; {@code standsAt}
 *     in calls between workers
 */
public record MembershipStatus(
    String productId,
    long revision,
    boolean active,
    boolean deleted,
    @JsonProperty("standsAt") long emittedRevision) {
  /** Returns whether commands are still pending. */
  public boolean isPending() {
    return emittedRevision != revision;
  }
}
