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
 * A data product in the product stage: its definition, which only events about the product change,
 * and the counters that every request changes. The two are stored apart, so a request costs the
 * same whatever the size of the definition.
 *
 * @param productId the product's id
 * @param definition the part that requests do not change
 * @param seenEvents the record of accepted events; a duplicate is recognised by it
 * @param requests the number of requests by state
 * @param members the number of members by user partition
 */
public record Product(
    String productId,
    Definition definition,
    SeenEvents seenEvents,
    RequestCounts requests,
    MemberCounts members) {

  /**
   * The part of a product that requests do not change. Changed products share it, so it is never
   * copied for a request.
   *
   * @param state the state, which decides whether the product gives access
   * @param revision counts the changes that matter for access, from 1
   * @param details properties without effect on access
   * @param sources the sources; empty if the product is deleted
   * @param policy the approval policy of requests; null if no approval is needed
   * @param agreements the agreements that requesters must acknowledge
   * @param history earlier states and sources, only for explanations; no decision reads them
   */
  public record Definition(
      ProductState state,
      long revision,
      Details details,
      SortedSet<SourceRef> sources,
      @Nullable ApprovalPolicy policy,
      List<Agreement> agreements,
      ProductHistory history) {

    /** Copies the lists. */
    public Definition {
      sources = Collections.unmodifiableSortedSet(new TreeSet<>(sources));
      agreements = List.copyOf(agreements);
    }
  }

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

  public ProductState state() {
    return definition.state();
  }

  public long revision() {
    return definition.revision();
  }

  public Details details() {
    return definition.details();
  }

  public SortedSet<SourceRef> sources() {
    return definition.sources();
  }

  public @Nullable ApprovalPolicy policy() {
    return definition.policy();
  }

  public List<Agreement> agreements() {
    return definition.agreements();
  }

  public ProductHistory history() {
    return definition.history();
  }

  /** Returns the sequence of the last accepted event that had one; null if none had. */
  public @Nullable Long lastSequence() {
    return seenEvents.lastSequence();
  }

  /** Returns whether requests wait for approvers. */
  public boolean needsApproval() {
    var policy = policy();
    return policy != null && !policy.stages().isEmpty();
  }

  /** Returns the copy that the access stage keeps. */
  public ProductSnapshot copy() {
    return new ProductSnapshot(revision(), state() == ProductState.ACTIVE, sources());
  }

  /**
   * Returns the product after an accepted event.
   *
   * @param sequence the event's sequence; null for none
   */
  public Product accepted(@Nullable Long sequence, String eventId) {
    return sequence == null
        ? this
        : new Product(
            productId, definition, seenEvents.accepted(sequence, eventId), requests, members);
  }

  /**
   * Returns a new revision, in another state or with other sources.
   *
   * @param atMs the time of the change, in milliseconds since the epoch
   */
  Product revised(ProductState newState, SortedSet<SourceRef> newSources, long atMs) {
    return with(
        new Definition(
            newState,
            revision() + 1,
            details(),
            newSources,
            policy(),
            agreements(),
            history().revised(newState != state(), sources(), newSources, atMs)));
  }

  /**
   * Returns the small marker that stays of a deleted product; later events are rejected because of
   * it.
   *
   * @param atMs the time of the deletion, in milliseconds since the epoch
   */
  public Product deleted(long atMs) {
    var none = new TreeSet<SourceRef>();
    return new Product(
        productId,
        new Definition(
            ProductState.DELETED,
            revision() + 1,
            new Details(details().name(), null, List.of(), null),
            none,
            null,
            List.of(),
            history().revised(true, sources(), none, atMs)),
        seenEvents,
        requests
            .movedAll(RequestState.PENDING, RequestState.CANCELED)
            .movedAll(RequestState.SCHEDULED, RequestState.REVOKED)
            .movedAll(RequestState.APPROVED, RequestState.REVOKED),
        MemberCounts.NONE);
  }

  Product with(
      Details newDetails, @Nullable ApprovalPolicy newPolicy, List<Agreement> newAgreements) {
    return with(
        new Definition(
            state(), revision(), newDetails, sources(), newPolicy, newAgreements, history()));
  }

  private Product with(Definition newDefinition) {
    return new Product(productId, newDefinition, seenEvents, requests, members);
  }

  public Product with(RequestCounts newRequests, MemberCounts newMembers) {
    return new Product(productId, definition, seenEvents, newRequests, newMembers);
  }
}
