package dev.sluice.product;

import dev.sluice.event.ApprovalPolicy;
import dev.sluice.text.Cut;
import java.util.ArrayList;
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
 * @param expiresAtMs the end of the access, in milliseconds since the epoch; null for never
 * @param reason the reason given for the last decision
 * @param grantedAtMs the start of the access by the worker's clock, in milliseconds since the
 *     epoch; a later change of the end does not change the start
 * @param noticed the last expiry warning that was given
 * @param passedBy eventIds of the determinations that passed a stage; a repeated determination is
 *     recognised by them
 * @param history the decisions about the request, oldest first; a repeated determination reads the
 *     approver of its stage from them
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
    @Nullable Long expiresAtMs,
    @Nullable String reason,
    @Nullable Long grantedAtMs,
    @Nullable ExpiryNotice noticed,
    List<String> passedBy,
    List<Step> history) {

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
    passedBy = List.copyOf(passedBy);
    history = List.copyOf(history);
  }

  private List<Step> after(Step step) {
    var steps = new ArrayList<>(history);
    steps.add(step);
    return steps.subList(Math.max(0, steps.size() - STEPS_MAX), steps.size());
  }

  /** Returns a text shortened to the length that a step keeps. */
  static @Nullable String shortened(@Nullable String text) {
    // The result, with the ellipsis, is not longer than the maximum.
    return text == null || text.length() <= STEP_TEXT_MAX ? text : Cut.to(text, STEP_TEXT_MAX - 1);
  }

  /** Returns a new request without any decision. */
  public static AccessRequest pending(
      String requestId, String userId, @Nullable ApprovalPolicy policy, long requestedAtMs) {
    return new AccessRequest(
        requestId,
        userId,
        RequestState.PENDING,
        policy,
        0,
        requestedAtMs,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        List.of());
  }

  /**
   * Returns the effective state at a time. Approved access is APPROVED until its end and EXPIRED
   * from then on, even if the worker has not processed the end yet.
   *
   * @param atMs in milliseconds since the epoch
   */
  public RequestState stateAt(long atMs) {
    if (state != RequestState.APPROVED && state != RequestState.EXPIRED) {
      return state;
    }
    return expiresAtMs == null || atMs < expiresAtMs ? RequestState.APPROVED : RequestState.EXPIRED;
  }

  /**
   * Returns the approver of a stage, shortened if long; null if the history does not hold the stage
   * any more.
   *
   * @param passed the stage's number, from 0
   */
  @Nullable String passer(int passed) {
    for (var step : history) {
      if (step.stage() == passed + 1
          && (step.state() == RequestState.PENDING
              || step.state() == RequestState.APPROVED
              || step.state() == RequestState.EXPIRED)) {
        return step.by();
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

  /**
   * Returns the request after a decision.
   *
   * @param by the author of the decision; null for a rule or time
   */
  public AccessRequest decided(
      RequestState newState, @Nullable String by, long atMs, @Nullable String newReason) {
    return new AccessRequest(
        requestId,
        userId,
        newState,
        policy,
        stage,
        requestedAtMs,
        by,
        atMs,
        expiresAtMs,
        newReason,
        grantedAtMs,
        noticed,
        passedBy,
        after(new Step(newState, stage, shortened(by), atMs, shortened(newReason))));
  }

  /** Returns the request in another state, with the same author of the last decision. */
  public AccessRequest in(RequestState newState) {
    return new AccessRequest(
        requestId,
        userId,
        newState,
        policy,
        stage,
        requestedAtMs,
        decidedBy,
        decidedAtMs,
        expiresAtMs,
        reason,
        grantedAtMs,
        noticed,
        passedBy,
        history);
  }

  /** Returns the request with one more stage passed, by the determination with that eventId. */
  AccessRequest stagePassed(String eventId) {
    var passed = new ArrayList<>(passedBy);
    passed.add(eventId);
    return new AccessRequest(
        requestId,
        userId,
        state,
        policy,
        stage + 1,
        requestedAtMs,
        decidedBy,
        decidedAtMs,
        expiresAtMs,
        reason,
        grantedAtMs,
        noticed,
        passed,
        history);
  }

  /** Returns the request with another end; null for never. */
  public AccessRequest expiring(@Nullable Long atMs) {
    return new AccessRequest(
        requestId,
        userId,
        state,
        policy,
        stage,
        requestedAtMs,
        decidedBy,
        decidedAtMs,
        atMs,
        reason,
        grantedAtMs,
        noticed,
        passedBy,
        history);
  }

  /** Returns the request with another start of its access. */
  AccessRequest granted(long atMs) {
    return new AccessRequest(
        requestId,
        userId,
        state,
        policy,
        stage,
        requestedAtMs,
        decidedBy,
        decidedAtMs,
        expiresAtMs,
        reason,
        atMs,
        noticed,
        passedBy,
        history);
  }

  /** Returns the request without its policy and history, which may be large. */
  public AccessRequest brief() {
    return new AccessRequest(
        requestId,
        userId,
        state,
        null,
        stage,
        requestedAtMs,
        decidedBy,
        decidedAtMs,
        expiresAtMs,
        reason,
        grantedAtMs,
        noticed,
        List.of(),
        List.of());
  }

  /** Returns the request with a warning recorded. */
  AccessRequest noticed(ExpiryNotice expiryNotice) {
    return new AccessRequest(
        requestId,
        userId,
        state,
        policy,
        stage,
        requestedAtMs,
        decidedBy,
        decidedAtMs,
        expiresAtMs,
        reason,
        grantedAtMs,
        expiryNotice,
        passedBy,
        history);
  }
}
