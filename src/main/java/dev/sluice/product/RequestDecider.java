package dev.sluice.product;

import dev.sluice.access.CommandReason;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.product.Decision.NoOp;
import dev.sluice.product.Decision.Rejected;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an event does to the requests of a product that is not deleted. Whether approved access had
 * ended is asked of the event's own time, never of the clock, so that an event that is read late is
 * decided like one that is read at once: the clock says only whether there is access now. Pure.
 */
final class RequestDecider {

  /**
   * Decides one event about a request.
   *
   * @param product as it is with the event's sequence accepted
   * @param nowMs what time it is, in milliseconds since the epoch
   */
  Decision decide(
      Product product, Requests requests, ProductEvent event, Changes changes, long nowMs) {
    var decision = decideAnySize(product, requests, event, changes, nowMs);
    if (decision instanceof Decision.Applied applied) {
      for (var change : applied.requests()) {
        var large = RecordSize.problem(change.request());
        if (large != null) {
          return new Rejected(RejectionReason.TOO_LARGE, large);
        }
      }
    }
    return decision;
  }

  private static Decision decideAnySize(
      Product product, Requests requests, ProductEvent event, Changes changes, long nowMs) {
    return switch (event.payload()) {
      case Payload.AccessRequested p -> request(product, requests, event, p, changes, nowMs);
      case Payload.AccessApproved p -> approve(product, requests, event, p, changes, nowMs);
      case Payload.AccessRevoked p -> revoke(requests, event, p, changes);
      case Payload.AccessDenied p ->
          refuse(requests, event, p.requestId(), RequestState.DENIED, p.reason(), changes);
      case Payload.AccessRequestCanceled p ->
          refuse(requests, event, p.requestId(), RequestState.CANCELED, p.reason(), changes);
      case Payload.DeterminationMade p -> determine(requests, event, p, changes, nowMs);
      default -> throw new IllegalArgumentException(event.type() + " is not about a request");
    };
  }

  private static Decision request(
      Product product,
      Requests requests,
      ProductEvent event,
      Payload.AccessRequested p,
      Changes changes,
      long nowMs) {
    if (requests.find(p.requestId()) != null) {
      return exists(p.requestId(), "was made before");
    }
    var at = event.occurredAt().toEpochMilli();
    var pending = AccessRequest.pending(p.requestId(), p.userId(), product.policy(), at);
    if (product.needsApproval()) {
      changes.move(null, pending);
      return changes.applied();
    }
    if (!product.agreements().isEmpty() && !p.agreementAcknowledged()) {
      return new Rejected(
          RejectionReason.AGREEMENT_NOT_ACKNOWLEDGED,
          "request %s does not acknowledge the agreement %s"
              .formatted(
                  EventIds.quoted(p.requestId()),
                  EventIds.quoted(product.agreements().getFirst().id())));
    }
    changes.approve(null, pending.granted(nowMs).decided(RequestState.APPROVED, null, at, null));
    return changes.applied();
  }

  private static Decision approve(
      Product product,
      Requests requests,
      ProductEvent event,
      Payload.AccessApproved p,
      Changes changes,
      long nowMs) {
    var known = requests.find(p.requestId());
    if (known != null && !known.userId().equals(p.userId())) {
      return exists(p.requestId(), "is of user " + EventIds.quoted(known.userId()));
    }
    var at = event.occurredAt().toEpochMilli();
    var state = known == null ? RequestState.PENDING : known.stateAt(at);
    if (known != null && state != RequestState.PENDING && state != RequestState.APPROVED) {
      return notPending(known, at);
    }
    var expiresAt = milliseconds(p.expiresAt());
    if (known != null
        && state == RequestState.APPROVED
        && Objects.equals(known.expiresAtMs(), expiresAt)) {
      return new NoOp(product);
    }
    var request =
        known == null ? AccessRequest.pending(p.requestId(), p.userId(), null, at) : known;
    // The marketplace's own decision stands alone: what a stage said of the end is void.
    grant(known, request.expiring(expiresAt), p.approvedBy(), at, null, changes, nowMs);
    return changes.applied();
  }

  /**
   * Approves, or moves the end of what is approved or has EXPIRED since; an end that is past
   * already is the end.
   */
  private static void grant(
      @Nullable AccessRequest from,
      AccessRequest request,
      @Nullable String by,
      long atMs,
      @Nullable String reason,
      Changes changes,
      long nowMs) {
    var approved = from != null && from.state() == RequestState.APPROVED;
    var expired = request.expiresAtMs() != null && request.expiresAtMs() <= nowMs;
    if (expired && approved) {
      changes.end(
          request.userId(),
          List.of(request),
          r -> r.decided(RequestState.EXPIRED, by, atMs, reason),
          CommandReason.ACCESS_EXPIRED);
    } else if (expired) {
      changes.move(from, request.decided(RequestState.EXPIRED, by, atMs, reason));
    } else if (approved) {
      // The access goes on: it is as long as it has been since the start.
      var going = request.grantedAtMs() == null ? request.granted(nowMs) : request;
      changes.move(from, going.decided(RequestState.APPROVED, by, atMs, reason));
    } else {
      changes.approve(
          from, request.granted(nowMs).decided(RequestState.APPROVED, by, atMs, reason));
    }
  }

  private static Decision revoke(
      Requests requests, ProductEvent event, Payload.AccessRevoked p, Changes changes) {
    var at = event.occurredAt().toEpochMilli();
    List<AccessRequest> revoked;
    if (p.requestId() == null) {
      revoked =
          Stream.concat(
                  requests.approvedOf(p.userId()).stream(),
                  requests.expiredOf(p.userId(), at).stream())
              .filter(r -> r.stateAt(at) == RequestState.APPROVED)
              .toList();
      if (revoked.isEmpty()) {
        return new Rejected(
            RejectionReason.NOT_APPROVED,
            "user " + EventIds.quoted(p.userId()) + " has no approved request");
      }
    } else {
      var request = requests.find(p.requestId());
      if (request == null || !request.userId().equals(p.userId())) {
        return new Rejected(
            RejectionReason.UNKNOWN_REQUEST,
            "user %s has no request %s"
                .formatted(EventIds.quoted(p.userId()), EventIds.quoted(p.requestId())));
      }
      if (request.stateAt(at) != RequestState.APPROVED) {
        return new Rejected(
            RejectionReason.NOT_APPROVED,
            "request " + EventIds.quoted(p.requestId()) + " is " + request.stateAt(at));
      }
      revoked = List.of(request);
    }
    changes.end(
        p.userId(),
        revoked,
        r -> r.decided(RequestState.REVOKED, event.actor(), at, p.reason()),
        CommandReason.ACCESS_REVOKED);
    return changes.applied();
  }

  private static Decision refuse(
      Requests requests,
      ProductEvent event,
      String requestId,
      RequestState state,
      @Nullable String reason,
      Changes changes) {
    var request = requests.find(requestId);
    if (request == null) {
      return unknown(requestId);
    }
    var at = event.occurredAt().toEpochMilli();
    if (request.state() != RequestState.PENDING) {
      return notPending(request, at);
    }
    changes.move(request, request.decided(state, event.actor(), at, reason));
    return changes.applied();
  }

  private static Decision determine(
      Requests requests,
      ProductEvent event,
      Payload.DeterminationMade p,
      Changes changes,
      long nowMs) {
    var request = requests.find(p.requestId());
    if (request == null) {
      return unknown(p.requestId());
    }
    if (request.passedBy().contains(event.eventId())) {
      return new Decision.Duplicate(); // it must not pass the next stage too
    }
    var at = event.occurredAt().toEpochMilli();
    if (request.state() != RequestState.PENDING) {
      return notPending(request, at);
    }
    var stage = request.currentStage();
    if (stage == null || !PolicyRules.lists(stage, p.approver())) {
      return new Rejected(
          RejectionReason.NOT_AN_APPROVER,
          "%s is no approver of stage %d of request %s"
              .formatted(
                  EventIds.quoted(p.approver()),
                  request.stage() + 1,
                  EventIds.quoted(p.requestId())));
    }
    if (p.decision() == Payload.Decision.DENY) {
      changes.move(request, request.decided(RequestState.DENIED, p.approver(), at, p.reason()));
      return changes.applied();
    }
    var passed =
        request
            .stagePassed(event.eventId())
            .expiring(earliest(request.expiresAtMs(), milliseconds(p.expiresAt())));
    if (passed.stage() < passed.stageCount()) {
      changes.move(request, passed.decided(RequestState.PENDING, p.approver(), at, p.reason()));
    } else {
      grant(request, passed, p.approver(), at, p.reason(), changes, nowMs);
    }
    return changes.applied();
  }

  private static @Nullable Long earliest(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : (Long) Math.min(a, b);
  }

  private static @Nullable Long milliseconds(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
  }

  private static Rejected exists(String requestId, String how) {
    return new Rejected(
        RejectionReason.REQUEST_EXISTS, "request " + EventIds.quoted(requestId) + " " + how);
  }

  private static Rejected unknown(String requestId) {
    return new Rejected(
        RejectionReason.UNKNOWN_REQUEST,
        "the product has no request " + EventIds.quoted(requestId));
  }

  private static Rejected notPending(AccessRequest request, long atMs) {
    return new Rejected(
        RejectionReason.NOT_PENDING,
        "request %s is %s".formatted(EventIds.quoted(request.requestId()), request.stateAt(atMs)));
  }
}
