package dev.sluice.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Events for tests, one factory for each type. Ids are made of the type and what it is about, so
 * that {@code suspended("p1")} is {@code ProductSuspended-p1}.
 */
public final class Events {

  /** When everything happens, unless {@link #at} says otherwise. */
  public static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

  /** The actor of all events. */
  public static final String ACTOR = "api";

  private Events() {}

  public static DataSource source(String id) {
    return new DataSource(id, "Snowflake");
  }

  public static DataSource source(String id, String type) {
    return new DataSource(id, type);
  }

  public static List<DataSource> sources(String... ids) {
    return Stream.of(ids).map(Events::source).toList();
  }

  /** One stage for each name, with boss as its approver. */
  public static ApprovalPolicy policy(String... stages) {
    var boss = List.of(new ApprovalPolicy.Approver("USER", "boss", null));
    return new ApprovalPolicy(
        "1",
        List.of(),
        null,
        Stream.of(stages).map(name -> new ApprovalPolicy.Stage(name, boss)).toList());
  }

  public static ProductEvent published(String productId, String... sourceIds) {
    return published(productId, sources(sourceIds));
  }

  public static ProductEvent published(String productId, List<DataSource> sources) {
    return published(productId, sources, null);
  }

  /** Requests for the product wait for approvers. */
  public static ProductEvent publishedWithApproval(String productId, String... sourceIds) {
    return published(productId, sources(sourceIds), policy("one"));
  }

  /** Requesters of the product must acknowledge the agreement dua. */
  public static ProductEvent publishedWithAgreement(String productId, String... sourceIds) {
    return published(productId, sources(sourceIds), null, new Agreement("dua", null));
  }

  public static ProductEvent published(
      String productId,
      List<DataSource> sources,
      @Nullable ApprovalPolicy policy,
      Agreement... agreements) {
    return event(
        productId,
        productId,
        new Payload.ProductPublished(
            "Sales", null, List.of(), sources, policy, List.of(agreements), null));
  }

  public static ProductEvent published(String productId, String name, List<DataSource> sources) {
    return event(
        productId,
        productId,
        new Payload.ProductPublished(name, null, List.of(), sources, null, List.of(), null));
  }

  public static ProductEvent renamed(String productId, String name) {
    return updated(productId, new Payload.ProductUpdated(name, null, null, null, null, null));
  }

  public static ProductEvent updated(String productId, Payload.ProductUpdated update) {
    return event(productId, productId, update);
  }

  public static ProductEvent replaced(String productId, String... sourceIds) {
    return replaced(productId, sources(sourceIds));
  }

  public static ProductEvent replaced(String productId, List<DataSource> sources) {
    return event(productId, productId, new Payload.DataSourcesReplaced(sources));
  }

  public static ProductEvent suspended(String productId) {
    return event(productId, productId, new Payload.ProductSuspended(null));
  }

  public static ProductEvent resumed(String productId) {
    return event(productId, productId, new Payload.ProductResumed(null));
  }

  public static ProductEvent deleted(String productId) {
    return deleted(productId, null);
  }

  public static ProductEvent deleted(String productId, @Nullable String reason) {
    return event(productId, productId, new Payload.ProductDeleted(reason));
  }

  public static ProductEvent requested(String productId, String requestId, String userId) {
    return event(
        productId, requestId, new Payload.AccessRequested(requestId, userId, false, Map.of()));
  }

  public static ProductEvent requestedAcknowledging(
      String productId, String requestId, String userId) {
    return event(
        productId, requestId, new Payload.AccessRequested(requestId, userId, true, Map.of()));
  }

  public static ProductEvent determined(
      String productId, String requestId, Payload.Decision decision) {
    return event(
        productId,
        requestId,
        new Payload.DeterminationMade(requestId, "boss", decision, null, null, null));
  }

  public static ProductEvent approved(String productId, String requestId, String userId) {
    return approvedUntil(productId, requestId, userId, null);
  }

  public static ProductEvent approvedUntil(
      String productId, String requestId, String userId, @Nullable Instant expiresAt) {
    return event(
        productId, requestId, new Payload.AccessApproved(requestId, userId, "boss", expiresAt));
  }

  public static ProductEvent denied(String productId, String requestId) {
    return event(productId, requestId, new Payload.AccessDenied(requestId, "no need"));
  }

  public static ProductEvent canceled(String productId, String requestId) {
    return event(productId, requestId, new Payload.AccessRequestCanceled(requestId, "changed"));
  }

  public static ProductEvent revoked(String productId, String requestId, String userId) {
    return event(productId, requestId, new Payload.AccessRevoked(requestId, userId, "left"));
  }

  /** Every approved request of the user for the product. */
  public static ProductEvent allRevoked(String productId, String userId) {
    return event(productId, userId, new Payload.AccessRevoked(null, userId, "left"));
  }

  public static ProductEvent event(String productId, String about, Payload payload) {
    return new ProductEvent(
        payload.getClass().getSimpleName() + "-" + about, productId, null, NOON, ACTOR, payload);
  }

  /** The same event with a sequence. */
  public static ProductEvent sequenced(long sequence, ProductEvent e) {
    return new ProductEvent(
        e.eventId(), e.productId(), sequence, e.occurredAt(), e.actor(), e.payload());
  }

  /** The same event under another id. */
  public static ProductEvent withId(String eventId, ProductEvent e) {
    return new ProductEvent(
        eventId, e.productId(), e.sequence(), e.occurredAt(), e.actor(), e.payload());
  }

  /** The same event at another time. */
  public static ProductEvent at(Instant occurredAt, ProductEvent e) {
    return new ProductEvent(
        e.eventId(), e.productId(), e.sequence(), occurredAt, e.actor(), e.payload());
  }
}
