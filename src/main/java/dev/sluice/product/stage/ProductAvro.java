package dev.sluice.product.stage;

import dev.sluice.avro.ProductStats;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestNotice;
import dev.sluice.avro.RequestStatus;
import dev.sluice.avro.StatusDataSource;
import dev.sluice.avro.internal.StoredApproval;
import dev.sluice.avro.internal.StoredProduct;
import dev.sluice.avro.internal.StoredProductCounters;
import dev.sluice.avro.internal.StoredRemovedSource;
import dev.sluice.avro.internal.StoredRequest;
import dev.sluice.avro.internal.StoredStep;
import dev.sluice.avro.internal.WaitingStatus;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.Decision.RequestChange;
import dev.sluice.product.ExpiryNotice;
import dev.sluice.product.MemberCounts;
import dev.sluice.product.Product;
import dev.sluice.product.ProductHistory;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestCounts;
import dev.sluice.product.RequestState;
import dev.sluice.product.SeenEvents;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.wire.UpdateAvro;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Converts products and requests to and from their stored form, and to the published statuses. */
public final class ProductAvro {

  /** States of a step that an approver's approval makes. */
  private static final Set<dev.sluice.avro.RequestState> PASSED =
      EnumSet.of(
          dev.sluice.avro.RequestState.PENDING,
          dev.sluice.avro.RequestState.APPROVED,
          dev.sluice.avro.RequestState.EXPIRED);

  private ProductAvro() {}

  /**
   * Returns the stored form of a product. Its counters are those of the moment: they are read only
   * if the product has no record of its own for them.
   */
  static StoredProduct stored(Product p) {
    return new StoredProduct(
        dev.sluice.avro.ProductState.valueOf(p.state().name()),
        p.revision(),
        p.seenEvents().lastSequence(),
        p.details().name(),
        p.details().description(),
        p.details().domains(),
        UpdateAvro.sources(p.sources()),
        EventAvro.policy(p.policy()),
        EventAvro.agreements(p.agreements()),
        EventAvro.expert(p.details().expert()),
        stats(p),
        p.members().perPartition(),
        p.history().stateSinceMs(),
        p.history().removed().stream()
            .map(r -> new StoredRemovedSource(r.sourceId(), r.atMs(), r.sourceType()))
            .toList(),
        p.seenEvents().seen(),
        p.seenEvents().publishedBy());
  }

  /**
   * Returns the stored form of a product's counters.
   *
   * @param waiting the cause of a status that is still to be published; null for none
   */
  static StoredProductCounters counters(Product p, @Nullable Trigger waiting) {
    var requests = p.requests();
    return new StoredProductCounters(
        p.seenEvents().lastSequence(),
        p.seenEvents().seen(),
        requests.in(RequestState.PENDING),
        requests.in(RequestState.APPROVED),
        requests.in(RequestState.REVOKED),
        requests.in(RequestState.CANCELED),
        requests.in(RequestState.DENIED),
        requests.in(RequestState.EXPIRED),
        p.members().perPartition(),
        p.seenEvents().eventHashes(),
        waiting == null ? null : new WaitingStatus(waiting.eventId(), waiting.occurredAtMs()),
        requests.in(RequestState.LAPSED),
        requests.in(RequestState.SCHEDULED));
  }

  /**
   * Returns a product from its stored form.
   *
   * @param counters the counters; null if an older version stored the product and no event came
   *     since, so that the product's own are valid
   */
  static Product product(
      String productId, StoredProduct p, @Nullable StoredProductCounters counters) {
    var definition = definition(p);
    if (counters == null) {
      var stats = p.getStats();
      return new Product(
          productId,
          definition,
          new SeenEvents(p.getLastSequence(), p.getSequencesSeen(), p.getPublishedBy(), List.of()),
          RequestCounts.of(
              Map.of(
                  RequestState.PENDING, stats.getPendingRequestCount(),
                  RequestState.APPROVED, stats.getApprovedRequestCount(),
                  RequestState.REVOKED, stats.getRevokedRequestCount(),
                  RequestState.CANCELED, stats.getCanceledRequestCount(),
                  RequestState.DENIED, stats.getDeniedRequestCount(),
                  RequestState.EXPIRED, stats.getExpiredRequestCount(),
                  RequestState.LAPSED, stats.getLapsedRequestCount(),
                  RequestState.SCHEDULED, stats.getScheduledRequestCount())),
          new MemberCounts(p.getMembersByPartition()));
    }
    return new Product(
        productId,
        definition,
        new SeenEvents(
            counters.getLastSequence(),
            counters.getSequencesSeen(),
            p.getPublishedBy(),
            counters.getSequenceEvents()),
        RequestCounts.of(
            Map.of(
                RequestState.PENDING, counters.getPendingRequests(),
                RequestState.APPROVED, counters.getApprovedRequests(),
                RequestState.REVOKED, counters.getRevokedRequests(),
                RequestState.CANCELED, counters.getCanceledRequests(),
                RequestState.DENIED, counters.getDeniedRequests(),
                RequestState.EXPIRED, counters.getExpiredRequests(),
                RequestState.LAPSED, counters.getLapsedRequests(),
                RequestState.SCHEDULED, counters.getScheduledRequests())),
        new MemberCounts(counters.getMembersByPartition()));
  }

  private static Product.Definition definition(StoredProduct p) {
    return new Product.Definition(
        ProductState.valueOf(p.getState().name()),
        p.getRevision(),
        new Product.Details(
            p.getName(),
            p.getDescription(),
            p.getDomains(),
            EventAvro.fromAvro(p.getSubjectMatterExpert())),
        UpdateAvro.sources(p.getDataSources()),
        EventAvro.fromAvro(p.getApprovalPolicy()),
        EventAvro.fromAgreements(p.getDataUseAgreements()),
        new ProductHistory(
            p.getStateSince(),
            p.getRemovedSources().stream()
                .map(r -> new ProductHistory.Removed(r.getSourceId(), r.getSourceType(), r.getAt()))
                .toList()));
  }

  private static ProductStats stats(Product p) {
    var requests = p.requests();
    return new ProductStats(
        (long) p.sources().size(),
        requests.in(RequestState.PENDING),
        requests.in(RequestState.APPROVED),
        requests.in(RequestState.REVOKED),
        requests.in(RequestState.CANCELED),
        requests.in(RequestState.DENIED),
        requests.in(RequestState.EXPIRED),
        requests.total(),
        requests.in(RequestState.LAPSED),
        requests.in(RequestState.SCHEDULED));
  }

  static ProductStatus status(Product p, Trigger trigger) {
    return new ProductStatus(
        p.productId(),
        dev.sluice.avro.ProductState.valueOf(p.state().name()),
        p.revision(),
        p.details().name(),
        p.sources().stream().map(s -> new StatusDataSource(s.sourceId(), s.sourceType())).toList(),
        stats(p),
        trigger.eventId(),
        Instant.ofEpochMilli(trigger.occurredAtMs()));
  }

  public static StoredRequest stored(AccessRequest r) {
    return new StoredRequest(
        r.requestId(),
        r.userId(),
        dev.sluice.avro.RequestState.valueOf(r.state().name()),
        EventAvro.policy(r.policy()),
        r.stage(),
        r.requestedAtMs(),
        r.decidedBy(),
        r.decidedAtMs(),
        r.expiresAtMs(),
        r.reason(),
        r.grantedAtMs(),
        avro(r.noticed()),
        List.of(),
        r.history().stream()
            .map(
                step ->
                    new StoredStep(
                        dev.sluice.avro.RequestState.valueOf(step.state().name()),
                        step.stage(),
                        step.by(),
                        step.atMs(),
                        step.reason()))
            .toList(),
        r.approvals().stream()
            .map(
                a ->
                    new StoredApproval(
                        a.stage(),
                        a.approver(),
                        a.eventId(),
                        a.counts(),
                        a.startsAtMs(),
                        a.expiresAtMs(),
                        a.grantedForMs()))
            .toList(),
        r.lapsesAtMs(),
        r.startsAtMs());
  }

  static AccessRequest request(StoredRequest r) {
    return new AccessRequest(
        r.getRequestId(),
        r.getUserId(),
        RequestState.valueOf(r.getState().name()),
        EventAvro.fromAvro(r.getPolicy()),
        r.getStage(),
        r.getRequestedAt(),
        r.getDecidedBy(),
        r.getDecidedAt(),
        r.getLapsesAt(),
        r.getStartsAt(),
        r.getExpiresAt(),
        r.getReason(),
        r.getGrantedAt(),
        r.getNoticed() == null ? null : ExpiryNotice.valueOf(r.getNoticed().name()),
        approvals(r),
        r.getHistory().stream()
            .map(
                step ->
                    new AccessRequest.Step(
                        RequestState.valueOf(step.getState().name()),
                        step.getStage(),
                        step.getBy(),
                        step.getAt(),
                        step.getReason()))
            .toList());
  }

  /** Returns the approvals of a request, also where an older version stored it. */
  private static List<AccessRequest.Approval> approvals(StoredRequest r) {
    var approvals = new ArrayList<AccessRequest.Approval>();
    // At the time any one approver passed a stage; the history has the newest ones.
    var passedBy = r.getPassedBy();
    for (int i = 0; i < passedBy.size(); i++) {
      var stage = r.getStage() - passedBy.size() + i;
      // It stored the earliest end of all.
      approvals.add(
          new AccessRequest.Approval(
              stage, passer(r, stage), passedBy.get(i), true, null, r.getExpiresAt(), null));
    }
    r.getApprovals()
        .forEach(
            a ->
                approvals.add(
                    new AccessRequest.Approval(
                        a.getStage(),
                        a.getApprover(),
                        a.getEventId(),
                        a.getCounts(),
                        a.getStartsAt(),
                        a.getExpiresAt(),
                        a.getGrantedFor())));
    return approvals;
  }

  private static String passer(StoredRequest r, int stage) {
    for (var step : r.getHistory()) {
      var by = step.getBy();
      if (step.getStage() == stage + 1 && by != null && PASSED.contains(step.getState())) {
        return by;
      }
    }
    return "";
  }

  private static @Nullable RequestNotice avro(@Nullable ExpiryNotice expiryNotice) {
    return expiryNotice == null ? null : RequestNotice.valueOf(expiryNotice.name());
  }

  static RequestStatus status(String productId, RequestChange change, Trigger trigger) {
    var r = change.request();
    var stage = r.currentStage();
    return new RequestStatus(
        r.requestId(),
        productId,
        r.userId(),
        dev.sluice.avro.RequestState.valueOf(r.state().name()),
        stage == null ? null : r.stage() + 1,
        stage == null ? null : stage.name(),
        r.stageCount(),
        stage == null ? null : stage.approvalsNeeded(),
        r.approvedBy(),
        r.pendingApprovers(),
        isOpen(r) ? instant(r.lapsesAtMs()) : null,
        instant(r.startsAtMs()),
        Instant.ofEpochMilli(r.requestedAtMs()),
        r.decidedBy(),
        instant(r.decidedAtMs()),
        instant(r.expiresAtMs()),
        r.reason(),
        change.accessRemains(),
        avro(change.notice()),
        trigger.eventId(),
        Instant.ofEpochMilli(trigger.occurredAtMs()));
  }

  private static boolean isOpen(AccessRequest r) {
    return r.state() == RequestState.PENDING || r.state() == RequestState.LAPSED;
  }

  private static @Nullable Instant instant(@Nullable Long ms) {
    return ms == null ? null : Instant.ofEpochMilli(ms);
  }
}
