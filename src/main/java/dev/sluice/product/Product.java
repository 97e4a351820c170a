package dev.sluice.product;

import dev.sluice.event.Agreement;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.Expert;
import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.SourceRef;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A data product as the product stage knows it.
 *
 * @param productId identifies it
 * @param state whether it gives access
 * @param revision counts the changes that matter for access, from 1
 * @param heard by what repetitions of its events are known
 * @param details what has no effect on access
 * @param sources what it holds; empty when deleted
 * @param policy who must approve a request; null when nobody
 * @param agreements what requesters must acknowledge
 * @param requests how many requests stand where
 * @param members how many members are in which user partition
 * @param past what it was, for those who ask; nothing is decided by it
 */
public record Product(
    String productId,
    ProductState state,
    long revision,
    SeenEvents heard,
    Details details,
    SortedSet<SourceRef> sources,
    @Nullable ApprovalPolicy policy,
    List<Agreement> agreements,
    RequestCounts requests,
    MemberCounts members,
    ProductHistory past) {

  /**
   * What people read about a product.
   *
   * @param name what people call it
   * @param description what is in it
   * @param domains the domains that it belongs to
   * @param expert whom to ask
   */
  public record Details(
      String name, @Nullable String description, List<String> domains, @Nullable Expert expert) {}

  /** Keeps its own copies. */
  public Product {
    sources = Collections.unmodifiableSortedSet(new TreeSet<>(sources));
    agreements = List.copyOf(agreements);
  }

  /** Sequence of the last accepted event that had one; null where none had. */
  public @Nullable Long lastSequence() {
    return heard.lastSequence();
  }

  /** Whether requests wait for approvers. */
  public boolean needsApproval() {
    return policy != null && !policy.stages().isEmpty();
  }

  /** What the access stage needs to know. */
  public ProductSnapshot copy() {
    return new ProductSnapshot(revision, state == ProductState.ACTIVE, sources);
  }

  /** As it is after an event with that sequence was accepted; null has no sequence. */
  public Product accepted(@Nullable Long sequence) {
    return sequence == null
        ? this
        : new Product(
            productId,
            state,
            revision,
            heard.accepted(sequence),
            details,
            sources,
            policy,
            agreements,
            requests,
            members,
            past);
  }

  /**
   * In another state, or with other sources: a new revision.
   *
   * @param atMs when that happened, in milliseconds since the epoch
   */
  Product revised(ProductState newState, SortedSet<SourceRef> newSources, long atMs) {
    return new Product(
        productId,
        newState,
        revision + 1,
        heard,
        details,
        newSources,
        policy,
        agreements,
        requests,
        members,
        past.revised(newState != state, sources, newSources, atMs));
  }

  /**
   * The small marker that stays of a deleted product, so that later events are rejected.
   *
   * @param atMs when that happened, in milliseconds since the epoch
   */
  public Product deleted(long atMs) {
    return new Product(
        productId,
        ProductState.DELETED,
        revision + 1,
        heard,
        new Details(details.name(), null, List.of(), null),
        new TreeSet<>(),
        null,
        List.of(),
        requests
            .movedAll(RequestState.PENDING, RequestState.CANCELED)
            .movedAll(RequestState.APPROVED, RequestState.REVOKED),
        MemberCounts.NONE,
        past.revised(true, sources, new TreeSet<>(), atMs));
  }

  Product with(
      Details newDetails, @Nullable ApprovalPolicy newPolicy, List<Agreement> newAgreements) {
    return new Product(
        productId,
        state,
        revision,
        heard,
        newDetails,
        sources,
        newPolicy,
        newAgreements,
        requests,
        members,
        past);
  }

  public Product with(RequestCounts newRequests, MemberCounts newMembers) {
    return new Product(
        productId,
        state,
        revision,
        heard,
        details,
        sources,
        policy,
        agreements,
        newRequests,
        newMembers,
        past);
  }
}
