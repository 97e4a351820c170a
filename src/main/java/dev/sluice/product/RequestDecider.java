package dev.sluice.product;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.Elements;
import dev.sluice.event.IsoDuration;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.limits.SizeLimits;
import dev.sluice.product.Decision.NoOp;
import dev.sluice.product.Decision.Rejected;
import dev.sluice.update.CommandReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides the effect of an event on the requests of a product that is not deleted. Whether approved
 * access had ended is decided by the event's own time, never by the clock. An event that is read
 * late is therefore decided like one that is read at once; the clock only decides whether there is
 * access now. Pure.
 */
final class RequestDecider {
  /** Remedy for an AccessRevoked about a request that nobody has decided yet. */
  static final String END_PENDING =
      "The request is not decided yet. To end it, send AccessDenied or AccessRequestCanceled.";

  private final boolean selfApproval;

  /**
   * Creates a decider.
   *
   * @param selfApproval whether an approver may approve their own request
   */
  RequestDecider(boolean selfApproval) {
    this.selfApproval = selfApproval;
  }

  /**
   * Decides one event about a request.
   *
   * @param product the product with the event's sequence accepted
   * @param payload the event's payload
   * @param nowMs the current time, in milliseconds since the epoch
   */
  Decision decide(
      Product product,
      Requests requests,
      ProductEvent event,
      Payload.RequestPayload payload,
      DecisionBuilder decisionBuilder,
      long nowMs) {
    var decision = decideAnySize(product, requests, event, payload, decisionBuilder, nowMs);
    if (decision instanceof Decision.Applied applied && !isForgiven(payload)) {
      for (var change : applied.requests()) {
        var large =
            RecordSize.problem(requests.find(change.request().requestId()), change.request());
        if (large != null) {
          return new Rejected(RejectionReason.TOO_LARGE, large);
        }
      }
    }
    return decision;
  }

  /**
   * Returns whether the size limit does not apply. Payloads that end a request are never rejected
   * for their size: their texts are short and fit into the room above the limit. See {@link
   * TextLimits}.
   */
  private static boolean isForgiven(Payload.RequestPayload payload) {
    return switch (payload) {
      case Payload.AccessRevoked p -> true;
      case Payload.AccessDenied p -> true;
      case Payload.AccessRequestCanceled p -> true;
      case Payload.AccessApproved p -> true;
      case Payload.DeterminationMade p -> p.decision() == Payload.Decision.DENY;
      case Payload.AccessRequested p -> false;
      case Payload.ApproversReplaced p -> false;
    };
  }

  private Decision decideAnySize(
      Product product,
      Requests requests,
      ProductEvent event,
      Payload.RequestPayload payload,
      DecisionBuilder decisionBuilder,
      long nowMs) {
    return switch (payload) {
      case Payload.AccessRequested p ->
          request(product, requests, event, p, decisionBuilder, nowMs);
      case Payload.AccessApproved p -> approve(product, requests, event, p, decisionBuilder, nowMs);
      case Payload.AccessRevoked p -> revoke(requests, event, p, decisionBuilder, nowMs);
      case Payload.AccessDenied p ->
          closePending(requests, event, p.requestId(), p.reason(), decisionBuilder, nowMs);
      case Payload.AccessRequestCanceled p ->
          closePending(requests, event, p.requestId(), p.reason(), decisionBuilder, nowMs);
      case Payload.DeterminationMade p ->
          determine(product, requests, event, p, decisionBuilder, nowMs);
      case Payload.ApproversReplaced p ->
          replaceApprovers(product, requests, event, p, decisionBuilder);
    };
  }

  private static Decision request(
      Product product,
      Requests requests,
      ProductEvent event,
      Payload.AccessRequested p,
      DecisionBuilder decisionBuilder,
      long nowMs) {
    if (requests.find(p.requestId()) != null) {
      return exists(p.requestId(), "was made before");
    }
    var at = event.occurredAt().toEpochMilli();
    var pending = AccessRequest.pending(p.requestId(), p.userId(), product.policy(), at);
    if (!product.agreements().isEmpty() && !p.agreementAcknowledged()) {
      return new Rejected(
          RejectionReason.AGREEMENT_NOT_ACKNOWLEDGED,
          "request %s does not acknowledge the agreement %s"
              .formatted(
                  EventIds.quoted(p.requestId()),
                  EventIds.quoted(product.agreements().getFirst().id())));
    }
    if (product.needsApproval()) {
      var lapsesAt = pending.lapsesAtMs();
      var made =
          lapsesAt != null && lapsesAt <= nowMs
              ? pending.decided(RequestState.LAPSED, null, lapsesAt, null)
              : pending;
      decisionBuilder.move(null, made);
      return decisionBuilder.applied();
    }
    grant(
        null,
        pending.expiring(endOf(pending, null, at, product.policy())),
        null,
        at,
        null,
        decisionBuilder,
        nowMs);
    return decisionBuilder.applied();
  }

  private static Decision approve(
      Product product,
      Requests requests,
      ProductEvent event,
      Payload.AccessApproved p,
      DecisionBuilder decisionBuilder,
      long nowMs) {
    var known = requests.find(p.requestId());
    if (known != null && !known.userId().equals(p.userId())) {
      return exists(p.requestId(), "is of user " + EventIds.quoted(known.userId()));
    }
    var at = event.occurredAt().toEpochMilli();
    var granted = known != null && known.isGrantedAt(at);
    if (known != null && !granted && known.stateAt(at) != RequestState.PENDING) {
      return notPending(known, at);
    }
    var wrong = durationProblem(p.grantedFor());
    if (wrong != null) {
      return wrong;
    }
    var request =
        known == null ? AccessRequest.pending(p.requestId(), p.userId(), null, at) : known;
    // The marketplace's own decision replaces the times that a stage gave.
    var timed =
        request.timed(
            startOf(request, milliseconds(p.startsAt()), at), milliseconds(p.expiresAt()));
    var policy = request.policy() == null ? product.policy() : request.policy();
    var whole = timed.expiring(endOf(timed, duration(p.grantedFor()), at, policy));
    if (known != null
        && granted
        && Objects.equals(known.expiresAtMs(), whole.expiresAtMs())
        && Objects.equals(known.startsAtMs(), whole.startsAtMs())
        && !endedEarly(known, nowMs)) {
      return new NoOp(product);
    }
    grant(known, whole, p.approvedBy(), at, null, decisionBuilder, nowMs);
    return decisionBuilder.applied();
  }

  /**
   * Returns the start of a request's access after an AccessApproved, in milliseconds since the
   * epoch; null if the access starts with the approval. The start of access that is granted only
   * moves to an earlier time, so that approving takes no access away.
   *
   * @param startsAtMs the start that the approval names; null for none
   * @param atMs the time of the approval
   */
  private static @Nullable Long startOf(
      AccessRequest request, @Nullable Long startsAtMs, long atMs) {
    if (!request.isGrantedAt(atMs)) {
      return startsAtMs;
    }
    var before = request.startsAtMs();
    return before == null ? null : AccessRequest.earlier(before, startsAtMs);
  }

  /**
   * Returns the end of a request's access, in milliseconds since the epoch; null for never. Of the
   * end given, the duration given and the policy's longest duration the earliest end counts.
   *
   * @param grantedForMs the duration given, in milliseconds; null for none
   * @param atMs the time of the approval, in milliseconds since the epoch
   */
  private static @Nullable Long endOf(
      AccessRequest request,
      @Nullable Long grantedForMs,
      long atMs,
      @Nullable ApprovalPolicy policy) {
    var startsAt = request.startsAtMs();
    var start = startsAt == null ? atMs : Math.max(startsAt, atMs);
    var max = policy == null ? null : duration(policy.maxDuration());
    var end = AccessRequest.earlier(after(start, grantedForMs), after(start, max));
    return AccessRequest.earlier(request.expiresAtMs(), end);
  }

  private static @Nullable Long after(long startMs, @Nullable Long durationMs) {
    return durationMs == null ? null : (Long) (startMs + durationMs);
  }

  private static @Nullable Long duration(@Nullable String text) {
    return text == null ? null : (Long) IsoDuration.millis(text);
  }

  private static @Nullable Rejected durationProblem(@Nullable String grantedFor) {
    var problem = IsoDuration.problem(grantedFor);
    return problem == null
        ? null
        : new Rejected(RejectionReason.INVALID_DURATION, "grantedFor: " + problem);
  }

  /**
   * Returns whether the request is EXPIRED although its end is still to come: the approval before
   * occurred after that end.
   */
  private static boolean endedEarly(AccessRequest request, long nowMs) {
    var end = request.expiresAtMs();
    return request.state() == RequestState.EXPIRED && end != null && end > nowMs;
  }

  /**
   * Approves a request, or moves the end of one that is granted or EXPIRED. The request is EXPIRED
   * at once if its end is not after the event, its start or the present, and SCHEDULED if its start
   * is after the present.
   */
  private static void grant(
      @Nullable AccessRequest from,
      AccessRequest request,
      @Nullable String by,
      long atMs,
      @Nullable String reason,
      DecisionBuilder decisionBuilder,
      long nowMs) {
    var approved = from != null && from.state() == RequestState.APPROVED;
    var start = request.startsAtMs();
    var end = request.expiresAtMs();
    if (end != null && (end <= nowMs || end <= atMs || request.endsBeforeStart())) {
      // The reason depends only on the event's times, so a later read gives the same reason.
      var why =
          end <= atMs
              ? past(end, reason)
              : request.endsBeforeStart() && start != null ? reversed(start, end, reason) : reason;
      if (approved) {
        decisionBuilder.end(
            request.userId(),
            List.of(request),
            r -> r.decided(RequestState.EXPIRED, by, atMs, why),
            CommandReason.ACCESS_EXPIRED);
      } else {
        decisionBuilder.move(from, request.decided(RequestState.EXPIRED, by, atMs, why));
      }
    } else if (approved) {
      // The access continues, so its start stays the same.
      var going = request.grantedAtMs() == null ? request.granted(nowMs) : request;
      decisionBuilder.move(from, going.decided(RequestState.APPROVED, by, atMs, reason));
    } else if (start != null && start > nowMs) {
      decisionBuilder.move(from, request.decided(RequestState.SCHEDULED, by, atMs, reason));
    } else {
      decisionBuilder.approve(
          from, request.granted(nowMs).decided(RequestState.APPROVED, by, atMs, reason));
    }
  }

  private static String reversed(long startMs, long endMs, @Nullable String reason) {
    return "its end, %s, is not after its start, %s%s"
        .formatted(
            Instant.ofEpochMilli(endMs),
            Instant.ofEpochMilli(startMs),
            reason == null ? "" : ": " + reason);
  }

  private static String past(long endMs, @Nullable String reason) {
    return "approved after its own end, "
        + Instant.ofEpochMilli(endMs)
        + (reason == null ? "" : ": " + reason);
  }

  /**
   * Revokes. A producer's clock may be ahead, and its event must not leave access that holds now:
   * so the state of a request is asked as of the event's time, or of the present if that is
   * earlier.
   */
  private static Decision revoke(
      Requests requests,
      ProductEvent event,
      Payload.AccessRevoked p,
      DecisionBuilder decisionBuilder,
      long nowMs) {
    var at = event.occurredAt().toEpochMilli();
    var asOf = Math.min(at, nowMs);
    if (p.requestId() == null) {
      return decisionBuilder.endAll(p.userId(), asOf, event.actor(), p.reason())
          ? decisionBuilder.applied()
          : new Rejected(
              RejectionReason.NOT_APPROVED,
              "user "
                  + EventIds.quoted(p.userId())
                  + " has no approved request"
                  + ended(requests, p.userId(), asOf, at));
    }
    var request = requests.find(p.requestId());
    if (request == null || !request.userId().equals(p.userId())) {
      return new Rejected(
          RejectionReason.UNKNOWN_REQUEST,
          "user %s has no request %s"
              .formatted(EventIds.quoted(p.userId()), EventIds.quoted(p.requestId())));
    }
    if (!request.isGrantedAt(asOf)) {
      var state = request.stateAt(asOf);
      return new Rejected(
          RejectionReason.NOT_APPROVED,
          "request " + EventIds.quoted(p.requestId()) + " is " + state + endedAt(request, asOf, at),
          state == RequestState.PENDING ? END_PENDING : RejectionReason.NOT_APPROVED.remedy());
    }
    decisionBuilder.end(
        p.userId(),
        List.of(request),
        r -> r.decided(RequestState.REVOKED, event.actor(), at, p.reason()),
        CommandReason.ACCESS_REVOKED);
    return decisionBuilder.applied();
  }

  /** Of the user's access that ended last before that time, in words; empty where none did. */
  private static String ended(Requests requests, String userId, long asOfMs, long atMs) {
    var last = requests.lastEnded(userId, asOfMs);
    return last == null
        ? ""
        : " any more: %s is EXPIRED%s"
            .formatted(EventIds.quoted(last.requestId()), endedAt(last, asOfMs, atMs));
  }

  /** When it ended by itself, in words; empty where it did not. */
  private static String endedAt(AccessRequest request, long asOfMs, long atMs) {
    var end = request.expiresAtMs();
    return end == null || request.stateAt(asOfMs) != RequestState.EXPIRED
        ? ""
        : " since %s, and the event is of %s"
            .formatted(Instant.ofEpochMilli(end), Instant.ofEpochMilli(atMs));
  }

  /**
   * Denies or cancels. A producer's clock may be ahead, and its event must not leave a request
   * open: so the state is asked as of the event's time, or of the present if that is earlier.
   */
  private static Decision closePending(
      Requests requests,
      ProductEvent event,
      String requestId,
      @Nullable String reason,
      DecisionBuilder decisionBuilder,
      long nowMs) {
    var request = requests.find(requestId);
    if (request == null) {
      return unknown(requestId);
    }
    var at = event.occurredAt().toEpochMilli();
    if (request.stateAt(Math.min(at, nowMs)) != RequestState.PENDING) {
      return notPending(request, at);
    }
    var state =
        event.payload() instanceof Payload.AccessDenied
            ? RequestState.DENIED
            : RequestState.CANCELED;
    decisionBuilder.move(request, request.decided(state, event.actor(), at, reason));
    return decisionBuilder.applied();
  }

  private Decision determine(
      Product product,
      Requests requests,
      ProductEvent event,
      Payload.DeterminationMade p,
      DecisionBuilder decisionBuilder,
      long nowMs) {
    var request = requests.find(p.requestId());
    if (request == null) {
      return unknown(p.requestId());
    }
    var before = request.approvalBy(event.eventId());
    if (before != null) { // the determination must not count for the next stage too
      return approvedAgain(request, before, p);
    }
    var at = event.occurredAt().toEpochMilli();
    var asOf = p.decision() == Payload.Decision.DENY ? Math.min(at, nowMs) : at;
    if (request.stateAt(asOf) != RequestState.PENDING) {
      return notPending(request, at);
    }
    if (p.stage() != null && !PolicyRules.means(request.policy(), request.stage(), p.stage())) {
      return new Rejected(
          RejectionReason.NOT_PENDING,
          "request %s waits at stage %s, the determination is about stage %s"
              .formatted(
                  EventIds.quoted(p.requestId()),
                  PolicyRules.called(request.policy(), request.stage()),
                  EventIds.quoted(p.stage())));
    }
    var pending = request.in(RequestState.PENDING); // it may have lapsed after the event
    var stage = pending.currentStage();
    if (stage == null || !PolicyRules.lists(stage, p.approver())) {
      return new Rejected(
          RejectionReason.NOT_AN_APPROVER,
          "%s is no approver of stage %d of request %s"
              .formatted(
                  EventIds.quoted(p.approver()),
                  request.stage() + 1,
                  EventIds.quoted(p.requestId())));
    }
    if (p.decision() == Payload.Decision.APPROVE
        && !selfApproval
        && p.approver().equals(request.userId())) {
      return new Rejected(
          RejectionReason.SELF_APPROVAL,
          "request %s is %s's own".formatted(EventIds.quoted(p.requestId()), quotedUser(request)));
    }
    if (p.decision() == Payload.Decision.DENY) {
      decisionBuilder.move(
          request, request.decided(RequestState.DENIED, p.approver(), at, p.reason()));
      return decisionBuilder.applied();
    }
    var wrong = durationProblem(p.grantedFor());
    if (wrong != null) {
      return wrong;
    }
    if (pending.approvedBy().contains(p.approver())) {
      return new NoOp(product);
    }
    var next =
        pending.approved(
            new AccessRequest.Approval(
                request.stage(),
                p.approver(),
                event.eventId(),
                true,
                milliseconds(p.startsAt()),
                milliseconds(p.expiresAt()),
                duration(p.grantedFor())));
    if (next.approvedBy().size() >= stage.approvalsNeeded()) {
      next = next.stagePassed();
    }
    if (next.stage() < next.stageCount()) {
      decisionBuilder.move(request, next.waiting(request.state(), p.approver(), at, p.reason()));
    } else {
      var whole = next.expiring(endOf(next, next.grantedForMs(), at, next.policy()));
      grant(request, whole, p.approver(), at, p.reason(), decisionBuilder, nowMs);
    }
    return decisionBuilder.applied();
  }

  private static Decision replaceApprovers(
      Product product,
      Requests requests,
      ProductEvent event,
      Payload.ApproversReplaced p,
      DecisionBuilder decisionBuilder) {
    var request = requests.find(p.requestId());
    if (request == null) {
      return unknown(p.requestId());
    }
    var at = event.occurredAt().toEpochMilli();
    if (request.stateAt(at) != RequestState.PENDING) {
      return notPending(request, at);
    }
    var policy = request.policy();
    var number = PolicyRules.stage(policy, request.stage(), p.stage());
    if (policy == null || number < 0) {
      return new Rejected(
          RejectionReason.NOT_PENDING,
          "request %s waits at stage %s, and no stage from there on is %s"
              .formatted(
                  EventIds.quoted(p.requestId()),
                  PolicyRules.called(policy, request.stage()),
                  EventIds.quoted(String.valueOf(p.stage()))));
    }
    var old = policy.stages().get(number);
    var stage = new ApprovalPolicy.Stage(old.name(), p.approvers(), old.approvalsNeeded());
    var problem = PolicyRules.problem(stage);
    if (problem != null) {
      return new Rejected(
          RejectionReason.INVALID_POLICY, "stage " + PolicyRules.called(policy, number) + problem);
    }
    if (stage.equals(old)) {
      return new NoOp(product);
    }
    var stages = new ArrayList<>(policy.stages());
    stages.set(number, stage);
    var changed = policy.with(stages);
    var elements = Elements.of(changed);
    if (elements > SizeLimits.ELEMENTS) {
      return new Rejected(
          RejectionReason.TOO_LARGE,
          String.format(
              Locale.ROOT,
              "the policy of request %s would have %,d stages, approvers and agreements; at most"
                  + " %,d fit",
              EventIds.quoted(p.requestId()),
              elements,
              SizeLimits.ELEMENTS));
    }
    decisionBuilder.move(
        request,
        request.with(changed, number).waiting(request.state(), event.actor(), at, p.reason()));
    return decisionBuilder.applied();
  }

  private static String quotedUser(AccessRequest request) {
    return EventIds.quoted(request.userId());
  }

  /** Decides a determination whose eventId is that of an approval before. */
  private static Decision approvedAgain(
      AccessRequest request, AccessRequest.Approval before, Payload.DeterminationMade p) {
    var by = before.approver();
    var same =
        p.decision() == Payload.Decision.APPROVE
            && (by.isEmpty()
                || by.equals(p.approver())
                // an older version stored it like this
                || by.equals(AccessRequest.shortened(p.approver())))
            && (p.stage() == null
                || PolicyRules.means(request.policy(), before.stage(), p.stage()));
    return same
        ? new Decision.Duplicate()
        : new Rejected(
            RejectionReason.EVENT_ID_REUSED,
            "the approval of stage %s of request %s%s had this eventId, and said something else"
                .formatted(
                    PolicyRules.called(request.policy(), before.stage()),
                    EventIds.quoted(request.requestId()),
                    by.isEmpty() ? "" : ", by " + EventIds.quoted(by) + ","));
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
