package dev.sluice.update;

import dev.sluice.contract.TraceContext;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What the product stage tells the access stage. */
public sealed interface AccessUpdate {

  /** The product that it is about. */
  String productId();

  /** The event, or the expiry, behind it. */
  Trigger cause();

  /** The same with what its record says of the cause besides: when it arrived, and its trace. */
  AccessUpdate arrived(long atMs, @Nullable TraceContext trace);

  /** What it tells, in a sentence without its end; for people. */
  String says();

  /**
   * What lies behind a change.
   *
   * @param eventId the event's id; {@code expiry:} and the request's id where time was the cause
   * @param occurredAtMs when it happened, in milliseconds since the epoch
   * @param arrivedAtMs the time of its record on product-events, or when time was seen to have
   *     come; 0 where it is not known, as while it is being decided
   * @param trace the trace that it belongs to; null for none, or not known
   */
  record Trigger(
      String eventId, long occurredAtMs, long arrivedAtMs, @Nullable TraceContext trace) {

    /** Of which its record's time and trace are not known. */
    public Trigger(String eventId, long occurredAtMs) {
      this(eventId, occurredAtMs, 0, null);
    }

    private Trigger arrived(long atMs, @Nullable TraceContext itsTrace) {
      return new Trigger(eventId, occurredAtMs, atMs, itsTrace);
    }
  }

  /**
   * A user became a member of the product, or ceased to be one. Goes to the user's partition.
   *
   * @param member whether the user is a member now
   * @param last whether the product has no member left in the partition
   * @param reason why
   */
  record MembershipChanged(
      String productId,
      Trigger cause,
      String userId,
      boolean member,
      boolean last,
      CommandReason reason)
      implements AccessUpdate {

    @Override
    public String says() {
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
   * The product has a new revision, or is about to get its first member in a partition that does
   * not know it yet.
   *
   * @param copy the product at that revision
   * @param deleted whether it is gone for good: its memberships end
   * @param partitions the partitions that hold a member, or are about to; not empty
   * @param members how many members are in which partition; a missing tail means none, or not known
   */
  record ProductRevised(
      String productId,
      Trigger cause,
      ProductSnapshot copy,
      boolean deleted,
      SortedSet<Integer> partitions,
      List<Long> members)
      implements AccessUpdate {
    /** A revision that nobody needs is not sent, and a deleted product gives nothing. */
    public ProductRevised {
      if (partitions.isEmpty()) {
        throw new IllegalArgumentException("revision of " + productId + " for no partition");
      }
      if (deleted && copy.active()) {
        throw new IllegalArgumentException("deleted product " + productId + " is active");
      }
      members = List.copyOf(members);
    }

    /** How many members are in one partition; 0 also where it is not known. */
    public long membersIn(int partition) {
      return partition < members.size() ? members.get(partition) : 0;
    }

    @Override
    public String says() {
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
   * What the access stage needs to know of a product.
   *
   * @param revision counts the changes that matter for access, from 1
   * @param active whether members have access through it
   * @param sources what it holds
   */
  record ProductSnapshot(long revision, boolean active, SortedSet<SourceRef> sources) {

    /** The sources that members get through the product now: none while it is not active. */
    public SortedSet<SourceRef> provided() {
      return active ? sources : java.util.Collections.emptySortedSet();
    }
  }
}
