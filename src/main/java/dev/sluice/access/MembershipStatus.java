package dev.sluice.access;

/**
 * A product that a user is a member of.
 *
 * @param revision the newest that has reached the user's task
 * @param active whether the product gives access at that revision
 * @param deleted whether it is gone for good
 * @param standsAt the revision that the user's commands are at
 */
public record MembershipStatus(
    String productId, long revision, boolean active, boolean deleted, long standsAt) {
  /** Whether commands are still to come. */
  public boolean spreads() {
    return standsAt != revision;
  }
}
