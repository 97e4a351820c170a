package dev.sluice.access;

/**
 * A user's membership in a product.
 *
 * @param revision the newest revision in the user's task
 * @param active whether the product gives access at that revision
 * @param deleted whether the product is deleted
 * @param standsAt the revision up to which the user's commands are emitted
 */
public record MembershipStatus(
    String productId, long revision, boolean active, boolean deleted, long standsAt) {
  /** Returns whether commands are still pending. */
  public boolean spreads() {
    return standsAt != revision;
  }
}
