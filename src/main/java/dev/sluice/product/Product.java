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
 * A data product in the product stage.
 *
 * @param productId the product's id
 * @param state the state, which decides whether the product gives access
 * @param revision counts the changes that matter for access, from 1
 * @param heard the record of accepted events; a repeated event is recognised by it
 * @param details properties without effect on access
 * @param sources the sources; empty if the product is deleted
 * @param policy the approval policy of requests; null if no approval is needed
 * @param agreements the agreements that requesters must acknowledge
 * @param requests the number of requests by state
 * @param members the number of members by user partition
 * @param past earlier states and sources, only for explanations; no decision reads them
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
   * Descriptive properties of a product.
   *
   * @param name the display name
   * @param description the description
   * @param domains the domains that the product belongs to
   * @param expert the subject matter expert
   */
  public record Details(
      String name, @Nullable String description, List<String> domains, @Nullable Expert expert) {}

  /** Copies the lists. */
  public Product {
    sources = Collections.unmodifiableSortedSet(new TreeSet<>(sources));
    agreements = List.copyOf(agreements);
  }

  /** Returns the sequence of the last accepted event that had one; null if none had. */
  public @Nullable Long lastSequence() {
    return heard.lastSequence();
  }

  /** Returns whether requests wait for approvers. */
  public boolean needsApproval() {
    return policy != null && !policy.stages().isEmpty();
  }

  /** Returns the copy that the access stage keeps. */
  public ProductSnapshot copy() {
    return new ProductSnapshot(revision, state == ProductState.ACTIVE, sources);
  }

  /** Returns the product after an accepted event with a sequence; null for an event without one. */
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
   * Returns a new revision, in another state or with other sources.
   *
   * @param atMs the time of the change, in milliseconds since the epoch
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
   * Returns the small marker that stays of a deleted product; later events are rejected because of
   * it.
   *
   * @param atMs the time of the deletion, in milliseconds since the epoch
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
