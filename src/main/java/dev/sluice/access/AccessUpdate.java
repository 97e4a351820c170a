package dev.sluice.access;

import java.util.SortedMap;
import java.util.SortedSet;

/** What the product stage tells the access stage. */
public sealed interface AccessUpdate {

  /** The product that it is about. */
  String productId();

  /** The event, or the expiry, behind it. */
  Cause cause();

  /**
   * What lies behind a change.
   *
   * @param eventId the event's id; {@code expiry:} and the request's id where time was the cause
   * @param occurredAtMs when it happened, in milliseconds since the epoch
   */
  record Cause(String eventId, long occurredAtMs) {}

  /**
   * A user became a member of the product, or ceased to be one. Goes to the user's partition.
   *
   * @param member whether the user is a member now
   * @param last whether the product has no member left in the partition
   * @param reason why
   */
  record MembershipChanged(
      String productId,
      Cause cause,
      String userId,
      boolean member,
      boolean last,
      CommandReason reason)
      implements AccessUpdate {}

  /**
   * The product has a new revision, or is about to get its first member in a partition that does
   * not know it yet.
   *
   * @param copy the product at that revision
   * @param deleted whether it is gone for good: its memberships end
   * @param partitions the partitions that hold a member, or are about to; not empty
   */
  record ProductRevised(
      String productId,
      Cause cause,
      ProductCopy copy,
      boolean deleted,
      SortedSet<Integer> partitions)
      implements AccessUpdate {
    /** A revision that nobody needs is not sent, and a deleted product gives nothing. */
    public ProductRevised {
      if (partitions.isEmpty()) {
        throw new IllegalArgumentException("revision of " + productId + " for no partition");
      }
      if (deleted && copy.active()) {
        throw new IllegalArgumentException("deleted product " + productId + " is active");
      }
    }
  }

  /**
   * What the access stage needs to know of a product.
   *
   * @param revision counts the changes that matter for access, from 1
   * @param active whether members have access through it
   * @param sources type by sourceId
   */
  record ProductCopy(long revision, boolean active, SortedMap<String, String> sources) {

    /** The sources that members get through the product now: none while it is not active. */
    public SortedMap<String, String> given() {
      return active ? sources : java.util.Collections.emptySortedMap();
    }
  }
}
