package dev.sluice.update;

import dev.sluice.contract.TraceContext;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A message to the access stage, from the product stage or the user stage. */
public sealed interface AccessUpdate {

  /** Returns the id that the message is about, which is the record's key. */
  String key();

  /** Returns the event, or the expiry, behind the message. */
  Trigger cause();

  /** Returns the message with the cause's arrival time and trace, which the record carries. */
  AccessUpdate arrived(long atMs, @Nullable TraceContext trace);

  /** Returns a description for people, a sentence without its end. */
  String description();

  /**
   * The cause of a change.
   *
   * @param eventId the event's id; {@code expiry:} and the request's id if time was the cause
   * @param occurredAtMs the time of the change, in milliseconds since the epoch
   * @param arrivedAtMs the time of the record on product-events, or the time at which the expiry
   *     was processed; 0 if unknown, as during the decision
   * @param trace the trace of the cause; null for none, or unknown
   */
  record Trigger(
      String eventId, long occurredAtMs, long arrivedAtMs, @Nullable TraceContext trace) {

    /** Creates a cause without the record's time and trace. */
    public Trigger(String eventId, long occurredAtMs) {
      this(eventId, occurredAtMs, 0, null);
    }

    private Trigger arrived(long atMs, @Nullable TraceContext itsTrace) {
      return new Trigger(eventId, occurredAtMs, atMs, itsTrace);
    }
  }

  /** A message about a product. */
  sealed interface ProductUpdate extends AccessUpdate {

    /** Returns the id of the product. */
    String productId();
  }

  /**
   * A user was deactivated, or is active again. Goes to the user's partition.
   *
   * @param active whether the user may have access from now on
   * @param reason the event's own reason, for people; null for none
   */
  record UserChanged(String userId, Trigger cause, boolean active, @Nullable String reason)
      implements AccessUpdate {

    @Override
    public String key() {
      return userId;
    }

    @Override
    public String description() {
      return "user %s is %s".formatted(userId, active ? "reactivated" : "deactivated");
    }

    @Override
    public UserChanged arrived(long atMs, @Nullable TraceContext trace) {
      return new UserChanged(userId, cause.arrived(atMs, trace), active, reason);
    }
  }

  /**
   * A user became a member of the product, or left. Goes to the user's partition.
   *
   * @param member whether the user is a member now
   * @param last whether the product has no member left in the partition
   * @param reason the reason of the change
   */
  record MembershipChanged(
      String productId,
      Trigger cause,
      String userId,
      boolean member,
      boolean last,
      CommandReason reason)
      implements ProductUpdate {

    @Override
    public String key() {
      return userId;
    }

    @Override
    public String description() {
      return "user %s %s of product %s: %s"
          .formatted(
              userId, member ? "becomes a member" : "ceases to be a member", productId, reason);
    }

    @Override
    public MembershipChanged arrived(long atMs, @Nullable TraceContext trace) {
      return new MembershipChanged(
          productId, cause.arrived(atMs, trace), userId, member, last, reason);
    }
  }

  /**
   * The product has a new revision, or is about to get its first member in a partition without a
   * copy.
   *
   * @param copy the product at that revision
   * @param deleted whether the product is deleted: its memberships end
   * @param partitions the partitions that hold a member, or are about to; not empty
   * @param members the number of members by partition; a missing tail means none, or unknown
   */
  record ProductRevised(
      String productId,
      Trigger cause,
      ProductSnapshot copy,
      boolean deleted,
      SortedSet<Integer> partitions,
      List<Long> members)
      implements ProductUpdate {
    /** Checks that there is a partition, and that a deleted product gives nothing. */
    public ProductRevised {
      if (partitions.isEmpty()) {
        throw new IllegalArgumentException("revision of " + productId + " for no partition");
      }
      if (deleted && copy.active()) {
        throw new IllegalArgumentException("deleted product " + productId + " is active");
      }
      members = List.copyOf(members);
    }

    @Override
    public String key() {
      return productId;
    }

    /** Returns the number of members in one partition; 0 also if unknown. */
    public long membersIn(int partition) {
      return partition < members.size() ? members.get(partition) : 0;
    }

    @Override
    public String description() {
      return "product %s comes to revision %d: %s, its sources are %s"
          .formatted(
              productId,
              copy.revision(),
              deleted ? "deleted" : copy.active() ? "active" : "not active",
              copy.sources());
    }

    @Override
    public ProductRevised arrived(long atMs, @Nullable TraceContext trace) {
      return new ProductRevised(
          productId, cause.arrived(atMs, trace), copy, deleted, partitions, members);
    }
  }

  /**
   * The parts of a product that the access stage needs.
   *
   * @param revision counts the changes that matter for access, from 1
   * @param active whether members have access through the product
   * @param sources the product's sources
   */
  record ProductSnapshot(long revision, boolean active, SortedSet<SourceRef> sources) {

    /**
     * Returns the sources that members get through the product now: none while it is not active.
     */
    public SortedSet<SourceRef> provided() {
      return active ? sources : java.util.Collections.emptySortedSet();
    }
  }
}
