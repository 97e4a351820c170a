package dev.sluice.product;

import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.IsoDuration;
import dev.sluice.text.Cut;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user's request for a product.
 *
 * @param requestId the id, unique within the product
 * @param userId the user who is to get access
 * @param state the state of the request
 * @param policy the policy at the time of the request; null if none was needed
 * @param stage the number of stages of the policy that are passed
 * @param requestedAtMs the time of the request, in milliseconds since the epoch
 * @param decidedBy the author of the last decision; null if a rule or time decided
 * @param decidedAtMs the time of the last decision, in milliseconds since the epoch
 * @param lapsesAtMs the time at which the request lapses if nobody has decided it, in milliseconds
 *     since the epoch; null for never
 * @param startsAtMs the time that an approval named as the start of the access, in milliseconds
 *     since the epoch; null if the access starts with the approval
 * @param expiresAtMs the end of the access, in milliseconds since the epoch; null for never
 * @param reason the reason given for the last decision
 * @param grantedAtMs the start of the access by the worker's clock, in milliseconds since the
 *     epoch; a later change of the end does not change the start
 * @param noticed the last expiry warning that was given
 * @param approvals the approvals by approvers, oldest first; a repeated determination is recognized
 *     by them
 * @param history the decisions about the request, oldest first
 */
public record AccessRequest(
    String requestId,
    String userId,
    RequestState state,
    @Nullable ApprovalPolicy policy,
    int stage,
    long requestedAtMs,
    @Nullable String decidedBy,
    @Nullable Long decidedAtMs,
    @Nullable Long lapsesAtMs,
    @Nullable Long startsAtMs,
    @Nullable Long expiresAtMs,
    @Nullable String reason,
    @Nullable Long grantedAtMs,
    @Nullable ExpiryNotice noticed,
    List<Approval> approvals,
    List<Step> history) {

  /**
   * An approver's approval of a stage.
   *
   * @param stage the stage's number, from 0
   * @param approver who approved; empty if an older version did not store it
   * @param eventId the determination's eventId
   * @param counts whether the approval counts; one by a replaced approver does not
   * @param startsAtMs the start that it gave, in milliseconds since the epoch; null for none
   * @param expiresAtMs the end that it gave, in milliseconds since the epoch; null for none
   * @param grantedForMs the duration that it gave, in milliseconds; null for none
   */
  public record Approval(
      int stage,
      String approver,
      String eventId,
      boolean counts,
      @Nullable Long startsAtMs,
      @Nullable Long expiresAtMs,
      @Nullable Long grantedForMs) {

    private Approval withoutCount() {
      return new Approval(stage, approver, eventId, false, startsAtMs, expiresAtMs, grantedForMs);
    }
  }

  /**
   * A decision about a request, kept as an explanation.
   *
   * @param state the state after the decision
   * @param stage the number of stages that were passed then
   * @param by the author of the decision, shortened if long; null for a rule or time
   * @param atMs the time of the decision, in milliseconds since the epoch
   * @param reason the reason, shortened if long; null if none was given
   */
  public record Step(
      RequestState state, int stage, @Nullable String by, long atMs, @Nullable String reason) {}

  /** Maximum number of steps that are kept; the newest stay. */
  public static final int STEPS_MAX = 32;

  /** Maximum length of a step's texts, in characters. */
  public static final int STEP_TEXT_MAX = 128;

  /** Copies the lists. */
  public AccessRequest {
    approvals = List.copyOf(approvals);
    history = List.copyOf(history);
  }

  /** Returns a text shortened to the length that a step keeps. */
  static @Nullable String shortened(@Nullable String text) {
    // The result, with the ellipsis, is not longer than the maximum.
    return text == null || text.length() <= STEP_TEXT_MAX ? text : Cut.to(text, STEP_TEXT_MAX - 1);
  }

  /** Returns a new request without any decision. */
  public static AccessRequest pending(
      String requestId, String userId, @Nullable ApprovalPolicy policy, long requestedAtMs) {
    var pendingFor = policy == null ? null : policy.pendingFor();
    return new AccessRequest(
        requestId,
        userId,
        RequestState.PENDING,
        policy,
        0,
        requestedAtMs,
        null,
        null,
        pendingFor == null ? null : (Long) (requestedAtMs + IsoDuration.millis(pendingFor)),
        null,
        null,
        null,
        null,
        null,
        List.of(),
        List.of());
  }

  /**
   * Returns the effective state at a time, even if the worker has not processed that time yet: a
   * pending request is LAPSED from its time on, and granted access is SCHEDULED until its start,
   * APPROVED until its end, and EXPIRED from then on.
   *
   * @param atMs in milliseconds since the epoch
   */
  public RequestState stateAt(long atMs) {
    return switch (state) {
      case PENDING, LAPSED ->
          lapsesAtMs == null || atMs < lapsesAtMs ? RequestState.PENDING : RequestState.LAPSED;
      case SCHEDULED, APPROVED, EXPIRED -> {
        if (expiresAtMs != null && (atMs >= expiresAtMs || endsBeforeStart())) {
          yield RequestState.EXPIRED;
        }
        yield startsAtMs != null && atMs < startsAtMs
            ? RequestState.SCHEDULED
            : RequestState.APPROVED;
      }
      case DENIED, CANCELED, REVOKED -> state;
    };
  }

  /**
   * Returns whether the request is approved and its access has not ended at a time; the access may
   * still have to start.
   *
   * @param atMs in milliseconds since the epoch
   */
  public boolean isGrantedAt(long atMs) {
    var then = stateAt(atMs);
    return then == RequestState.APPROVED || then == RequestState.SCHEDULED;
  }

  /** Returns whether the access ends at its start or before, and is never given. */
  boolean endsBeforeStart() {
    return startsAtMs != null && expiresAtMs != null && expiresAtMs <= startsAtMs;
  }

  /** Returns the approval with that eventId; null if there is none. */
  @Nullable Approval approvalBy(String eventId) {
    for (var approval : approvals) {
      if (approval.eventId().equals(eventId)) {
        return approval;
      }
    }
    return null;
  }

  /** Returns the number of stages that must be passed. */
  public int stageCount() {
    return policy == null ? 0 : policy.stages().size();
  }

  /** Returns the stage that the request waits at; null if the request waits at none. */
  public ApprovalPolicy.@Nullable Stage currentStage() {
    return policy != null && state == RequestState.PENDING && stage < stageCount()
        ? policy.stages().get(stage)
        : null;
  }

  /** Returns the listed approvers of the current stage who have approved it, in their order. */
  public List<String> approvedBy() {
    return approversOfStage(true);
  }

  /** Returns the listed approvers of the current stage who have not approved it, in their order. */
  public List<String> pendingApprovers() {
    return approversOfStage(false);
  }

  private List<String> approversOfStage(boolean approved) {
    var at = currentStage();
    if (at == null) {
      return List.of();
    }
    var by = new HashSet<String>();
    for (var approval : approvals) {
      if (approval.counts() && approval.stage() == stage) {
        by.add(approval.approver());
      }
    }
    return at.required().stream()
        .map(ApprovalPolicy.Approver::id)
        .distinct()
        .filter(id -> by.contains(id) == approved)
        .toList();
  }

  /**
   * Returns the request after a decision.
   *
   * @param by the author of the decision; null for a rule or time
   */
  public AccessRequest decided(
      RequestState newState, @Nullable String by, long atMs, @Nullable String newReason) {
    var draft = new Draft(this);
    draft.state = newState;
    draft.decidedBy = by;
    draft.decidedAtMs = atMs;
    draft.reason = newReason;
    draft.add(new Step(newState, stage, shortened(by), atMs, shortened(newReason)));
    return draft.done();
  }

  /** Returns the request in another state, with the same author of the last decision. */
  public AccessRequest in(RequestState newState) {
    var draft = new Draft(this);
    draft.state = newState;
    return draft.done();
  }

  /**
   * Returns the request after its access started by time; the last decision stays as it is.
   *
   * @param atMs the start, in milliseconds since the epoch
   * @param nowMs the worker's clock, in milliseconds since the epoch
   */
  AccessRequest started(long atMs, long nowMs) {
    var draft = new Draft(this);
    draft.state = RequestState.APPROVED;
    draft.grantedAtMs = nowMs;
    draft.add(new Step(RequestState.APPROVED, stage, null, atMs, null));
    return draft.done();
  }

  /**
   * Returns the request after a decision that leaves it waiting. A request that has lapsed since
   * stays LAPSED, and the decision stands in its history before the lapse.
   *
   * @param by the author of the decision
   */
  AccessRequest waiting(RequestState before, String by, long atMs, @Nullable String newReason) {
    if (before != RequestState.LAPSED) {
      return decided(RequestState.PENDING, by, atMs, newReason);
    }
    var draft = new Draft(this);
    draft.state = RequestState.LAPSED;
    var step = new Step(RequestState.PENDING, stage, shortened(by), atMs, shortened(newReason));
    if (history.isEmpty()) {
      draft.add(step);
    } else {
      draft.history = history.subList(0, history.size() - 1);
      draft.add(step);
      draft.add(history.getLast());
    }
    return draft.done();
  }

  /** Returns the request with one more approval of its current stage, and its times. */
  AccessRequest approved(Approval approval) {
    var draft = new Draft(this);
    draft.approvals = new ArrayList<>(approvals);
    draft.approvals.add(approval);
    return draft.done().timedByApprovals();
  }

  /**
   * Returns the request with the times of the approvals that count: the latest start and the
   * earliest end.
   */
  private AccessRequest timedByApprovals() {
    Long start = null;
    Long end = null;
    for (var approval : approvals) {
      if (approval.counts()) {
        start = later(start, approval.startsAtMs());
        end = earlier(end, approval.expiresAtMs());
      }
    }
    return timed(start, end);
  }

  /** Returns the shortest duration that approvals gave, in milliseconds; null for none. */
  @Nullable Long grantedForMs() {
    Long shortest = null;
    for (var approval : approvals) {
      if (approval.counts()) {
        shortest = earlier(shortest, approval.grantedForMs());
      }
    }
    return shortest;
  }

  static @Nullable Long earlier(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : (Long) Math.min(a, b);
  }

  private static @Nullable Long later(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : (Long) Math.max(a, b);
  }

  /** Returns the request at the next stage. */
  AccessRequest stagePassed() {
    var draft = new Draft(this);
    draft.stage = stage + 1;
    return draft.done();
  }

  /**
   * Returns the request with other approvers of a stage, as its policy lists them. Approvals of the
   * stage by others no longer count.
   */
  AccessRequest with(ApprovalPolicy newPolicy, int changedStage) {
    var listed = new HashSet<String>();
    newPolicy.stages().get(changedStage).required().forEach(a -> listed.add(a.id()));
    var draft = new Draft(this);
    draft.policy = newPolicy;
    draft.approvals =
        approvals.stream()
            .map(
                a ->
                    a.stage() == changedStage && !listed.contains(a.approver())
                        ? a.withoutCount()
                        : a)
            .toList();
    return draft.done().timedByApprovals();
  }

  /** Returns the request with another end; null for never. */
  public AccessRequest expiring(@Nullable Long atMs) {
    return timed(startsAtMs, atMs);
  }

  /**
   * Returns the request with other times.
   *
   * @param newStartsAtMs the start of the access; null for the approval
   * @param newExpiresAtMs the end of the access; null for never
   */
  AccessRequest timed(@Nullable Long newStartsAtMs, @Nullable Long newExpiresAtMs) {
    var draft = new Draft(this);
    draft.startsAtMs = newStartsAtMs;
    draft.expiresAtMs = newExpiresAtMs;
    return draft.done();
  }

  /** Returns the request with another start of its access by the worker's clock. */
  AccessRequest granted(long atMs) {
    var draft = new Draft(this);
    draft.grantedAtMs = atMs;
    return draft.done();
  }

  /** Returns the request without its policy and history, which may be large. */
  public AccessRequest brief() {
    var draft = new Draft(this);
    draft.policy = null;
    draft.approvals = List.of();
    draft.history = List.of();
    return draft.done();
  }

  /** Returns the request with a warning recorded. */
  AccessRequest noticed(ExpiryNotice expiryNotice) {
    var draft = new Draft(this);
    draft.noticed = expiryNotice;
    return draft.done();
  }

  /** A changed copy in the making. */
  private static final class Draft {
    private final AccessRequest from;
    private RequestState state;
    private @Nullable ApprovalPolicy policy;
    private int stage;
    private @Nullable String decidedBy;
    private @Nullable Long decidedAtMs;
    private @Nullable Long startsAtMs;
    private @Nullable Long expiresAtMs;
    private @Nullable String reason;
    private @Nullable Long grantedAtMs;
    private @Nullable ExpiryNotice noticed;
    private List<Approval> approvals;
    private List<Step> history;

    Draft(AccessRequest from) {
      this.from = from;
      state = from.state;
      policy = from.policy;
      stage = from.stage;
      decidedBy = from.decidedBy;
      decidedAtMs = from.decidedAtMs;
      startsAtMs = from.startsAtMs;
      expiresAtMs = from.expiresAtMs;
      reason = from.reason;
      grantedAtMs = from.grantedAtMs;
      noticed = from.noticed;
      approvals = from.approvals;
      history = from.history;
    }

    void add(Step step) {
      var steps = new ArrayList<>(history);
      steps.add(step);
      history = steps.subList(Math.max(0, steps.size() - STEPS_MAX), steps.size());
    }

    AccessRequest done() {
      return new AccessRequest(
          from.requestId,
          from.userId,
          state,
          policy,
          stage,
          from.requestedAtMs,
          decidedBy,
          decidedAtMs,
          from.lapsesAtMs,
          startsAtMs,
          expiresAtMs,
          reason,
          grantedAtMs,
          noticed,
          approvals,
          history);
    }
  }
}
