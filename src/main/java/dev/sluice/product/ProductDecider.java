package dev.sluice.product;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Event;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.product.Decision.Duplicate;
import dev.sluice.product.Decision.NoOp;
import dev.sluice.product.Decision.Rejected;
import dev.sluice.product.Product.Definition;
import dev.sluice.product.Product.Details;
import dev.sluice.update.AccessUpdate.Trigger;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides the effect of an event on a product and its requests. Pure: the same product, requests
 * and event give the same decision.
 */
public final class ProductDecider {
  private final ToIntFunction<String> partitionOf;
  private final DecisionRules decisionRules;
  private final SequenceRules sequenceRules;
  private final RequestDecider requestDecider;

  /** Placeholder for the partition of an event that is only previewed. */
  public static final int NOWHERE = -1;

  /**
   * Creates a decider with the default rules.
   *
   * @param partitionOf the partition of a user, from 0
   */
  public ProductDecider(ToIntFunction<String> partitionOf) {
    this(partitionOf, DecisionRules.DEFAULT);
  }

  /**
   * Creates a decider.
   *
   * @param partitionOf the partition of a user, from 0
   */
  public ProductDecider(ToIntFunction<String> partitionOf, DecisionRules decisionRules) {
    this.partitionOf = partitionOf;
    this.decisionRules = decisionRules;
    sequenceRules = new SequenceRules(decisionRules.sequenceJumpMax());
    requestDecider = new RequestDecider(decisionRules.selfApproval());
  }

  /** Returns a description of the first invalid id of an event; null if all are valid. */
  public static @Nullable String idProblem(Event event) {
    return EventIds.problem(event);
  }

  /**
   * Decides one event.
   *
   * @param key the record's key
   * @param partition the record's partition; {@link #NOWHERE} if the event is not in a topic
   * @param product the product that the event names; null if unknown
   * @param requests that product's requests
   * @param nowMs the current time, in milliseconds since the epoch
   */
  public Decision decide(
      @Nullable String key,
      int partition,
      @Nullable Product product,
      Requests requests,
      ProductEvent event,
      long nowMs) {
    var misplaced = misplaced(key, partition, event);
    if (misplaced != null) {
      return misplaced;
    }
    return switch (event.payload()) {
      case Payload.ProductPublished p ->
          product == null ? publish(event, p) : published(product, event);
      case Payload.ProductChange p ->
          ofKnown(
              product,
              requests,
              event,
              (known, decisionBuilder) -> change(known, event, p, decisionBuilder));
      case Payload.RequestPayload p ->
          ofKnown(
              product,
              requests,
              event,
              (known, decisionBuilder) ->
                  requestDecider.decide(known, requests, event, p, decisionBuilder, nowMs));
    };
  }

  /** Decides an event that requires an existing product. */
  private Decision ofKnown(
      @Nullable Product product,
      Requests requests,
      ProductEvent event,
      BiFunction<Product, DecisionBuilder, Decision> decide) {
    if (product == null) {
      return new Rejected(
          RejectionReason.UNKNOWN_PRODUCT,
          "product " + EventIds.quoted(event.productId()) + " was never published");
    }
    if (SequenceRules.isRepeated(event, product.seenEvents())) {
      return new Duplicate();
    }
    if (product.state() == ProductState.DELETED) {
      return new Rejected(
          RejectionReason.PRODUCT_DELETED,
          "product " + EventIds.quoted(event.productId()) + " was deleted");
    }
    var wrong = sequenceRules.wrong(event, product.seenEvents());
    if (wrong != null) {
      return wrong;
    }
    var accepted = product.accepted(event.sequence(), event.eventId());
    var trigger = new Trigger(event.eventId(), event.occurredAt().toEpochMilli());
    return decide.apply(accepted, new DecisionBuilder(accepted, requests, trigger, partitionOf));
  }

  private static Decision change(
      Product product,
      ProductEvent event,
      Payload.ProductChange payload,
      DecisionBuilder decisionBuilder) {
    return switch (payload) {
      case Payload.ProductUpdated p -> update(product, p, decisionBuilder);
      case Payload.DataSourcesReplaced p -> replace(product, p, decisionBuilder);
      case Payload.ProductSuspended p ->
          changeState(product, ProductState.ACTIVE, ProductState.SUSPENDED, decisionBuilder);
      case Payload.ProductResumed p ->
          changeState(product, ProductState.SUSPENDED, ProductState.ACTIVE, decisionBuilder);
      case Payload.ProductDeleted p -> delete(product, event.actor(), p, decisionBuilder);
    };
  }

  /**
   * Decides an event that is not in a topic, for a preview.
   *
   * @param key the record's key
   * @param product the product that the event names; null if unknown
   * @param requests that product's requests
   * @param nowMs the current time, in milliseconds since the epoch
   */
  public Decision decide(
      @Nullable String key,
      @Nullable Product product,
      Requests requests,
      ProductEvent event,
      long nowMs) {
    return decide(key, NOWHERE, product, requests, event, nowMs);
  }

  private @Nullable Rejected misplaced(@Nullable String key, int partition, ProductEvent event) {
    var problem = EventIds.problem(event);
    if (problem != null) {
      return new Rejected(RejectionReason.INVALID_ID, problem);
    }
    var keyProblem = EventIds.keyProblem(key, event);
    if (keyProblem != null) {
      return new Rejected(
          RejectionReason.INVALID_ID,
          keyProblem,
          "Key the record by its productId, as UTF-8, and send it again.");
    }
    var place =
        partition == NOWHERE ? null : decisionRules.places().check(event.productId(), partition);
    return place == null
        ? null
        : new Rejected(RejectionReason.WRONG_PARTITION, place.wrong(), place.remedy());
  }

  private static Decision published(Product product, ProductEvent event) {
    var id = EventIds.quoted(event.productId());
    var again =
        event.sequence() == null
            ? event.eventId().equals(product.seenEvents().publishedBy())
            : SequenceRules.isRepeated(event, product.seenEvents());
    if (again) {
      return new Duplicate();
    }
    return product.state() == ProductState.DELETED
        ? new Rejected(RejectionReason.PRODUCT_DELETED, "product " + id + " was deleted")
        : new Rejected(RejectionReason.PRODUCT_EXISTS, "product " + id + " was published before");
  }

  private Decision publish(ProductEvent event, Payload.ProductPublished p) {
    var seenEvents = SeenEvents.first(event.eventId());
    var wrong = sequenceRules.wrong(event, seenEvents);
    if (wrong != null) {
      return wrong;
    }
    var invalid = PolicyRules.problem(p.approvalPolicy());
    if (invalid != null) {
      return new Rejected(RejectionReason.INVALID_POLICY, invalid);
    }
    var product =
        new Product(
            event.productId(),
            new Definition(
                ProductState.ACTIVE,
                1,
                new Details(p.name(), p.description(), p.domains(), p.subjectMatterExpert()),
                SourceSet.of(p.dataSources()),
                p.approvalPolicy(),
                p.dataUseAgreements(),
                ProductHistory.since(event.occurredAt().toEpochMilli())),
            seenEvents.accepted(event.sequence(), event.eventId()),
            RequestCounts.NONE,
            MemberCounts.NONE);
    var large = RecordSize.problem(product);
    return large == null
        ? new Decision.Applied(product, List.of(), List.of())
        : new Rejected(RejectionReason.TOO_LARGE, large);
  }

  private static Decision update(
      Product product, Payload.ProductUpdated p, DecisionBuilder decisionBuilder) {
    var invalid = PolicyRules.problem(p.approvalPolicy());
    if (invalid != null) {
      return new Rejected(RejectionReason.INVALID_POLICY, invalid);
    }
    var old = product.details();
    var details =
        new Details(
            p.name() == null ? old.name() : p.name(),
            p.description() == null ? old.description() : emptyAsNull(p.description()),
            p.domains() == null ? old.domains() : p.domains(),
            p.subjectMatterExpert() == null ? old.expert() : p.subjectMatterExpert());
    var policy = p.approvalPolicy() == null ? product.policy() : p.approvalPolicy();
    var agreements = p.dataUseAgreements() == null ? product.agreements() : p.dataUseAgreements();
    if (details.equals(old)
        && Objects.equals(policy, product.policy())
        && agreements.equals(product.agreements())) {
      return new NoOp(product);
    }
    var updated = product.with(details, policy, agreements);
    var large = RecordSize.problem(product, updated);
    if (large != null) {
      return new Rejected(RejectionReason.TOO_LARGE, large);
    }
    decisionBuilder.replace(updated);
    return decisionBuilder.applied();
  }

  private static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static Decision replace(
      Product product, Payload.DataSourcesReplaced p, DecisionBuilder decisionBuilder) {
    var sources = SourceSet.of(p.dataSources());
    if (sources.equals(product.sources())) {
      return new NoOp(product);
    }
    var revised = product.revised(product.state(), sources, decisionBuilder.atMs());
    var large = RecordSize.problem(product, revised);
    if (large != null) {
      return new Rejected(RejectionReason.TOO_LARGE, large);
    }
    decisionBuilder.revise(revised);
    return decisionBuilder.applied();
  }

  private static Decision changeState(
      Product product, ProductState from, ProductState to, DecisionBuilder decisionBuilder) {
    if (product.state() != from) {
      return new NoOp(product);
    }
    decisionBuilder.revise(product.revised(to, product.sources(), decisionBuilder.atMs()));
    return decisionBuilder.applied();
  }

  /**
   * The requests are canceled and removed afterwards, in slices: see {@link
   * dev.sluice.product.stage.RequestRemoval}.
   */
  private static Decision delete(
      Product product, String actor, Payload.ProductDeleted p, DecisionBuilder decisionBuilder) {
    var large = RecordSize.deletionProblem(product.productId(), actor, p.reason());
    if (large != null) {
      return new Rejected(RejectionReason.TOO_LARGE, large);
    }
    decisionBuilder.revise(product.deleted(decisionBuilder.atMs()));
    return decisionBuilder.applied();
  }
}
