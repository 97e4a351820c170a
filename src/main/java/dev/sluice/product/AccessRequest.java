package dev.sluice.product;

import dev.sluice.event.ApprovalPolicy;
import dev.sluice.text.Cut;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One user's request for one product.
 *
 * @param requestId identifies it within the product
 * @param userId who is to get access
 * @param state where it stands
 * @param policy the policy under which it was made; null when none was needed
 * @param stage how many stages of the policy are passed
 * @param requestedAtMs when it was made, in milliseconds since the epoch
 * @param decidedBy who made the last decision; null where a rule or time decided
 * @param decidedAtMs when, in milliseconds since the epoch
 * @param expiresAtMs when the access ends, in milliseconds since the epoch; null for never
 * @param reason the reason given for the last decision
 * @param grantedAtMs when it was approved by the worker's clock, in milliseconds since the epoch:
 *     the start of the access, also where its end was moved since
 * @param noticed the last warning before expiry that was given
 * @param passedBy eventIds of the determinations that passed a stage, by which a repeated one is
 *     known
 * @param history what was decided about it, the oldest first; of it, who passed a stage is asked
 *     when a determination comes again
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
   * One decision about a request, for those who ask how it came about.
   *
   * @param state where the request stood after it
   * @param stage how many stages of its policy were passed then
   * @param by who decided, shortened where it is long; null for a rule or time
   * @param atMs when, in milliseconds since the epoch
   * @param reason why, shortened where it is long; null where none was given
   */
  public record Step(
      RequestState state, int stage, @Nullable String by, long atMs, @Nullable String reason) {}

  /** So many steps are kept, the newest. */
  public static final int STEPS_MAX = 32;

  /** So long a step's texts are at most, in characters. */
  public static final int STEP_TEXT_MAX = 128;

  /** Keeps its own copies. */
  public AccessRequest {
    passedBy = List.copyOf(passedBy);
    history = List.copyOf(history);
  }

  private List<Step> after(Step step) {
    var steps = new ArrayList<>(history);
    steps.add(step);
    return steps.subList(Math.max(0, steps.size() - STEPS_MAX), steps.size());
  }

  /** As a step keeps it. */
  static @Nullable String shortened(@Nullable String text) {
    // With the ellipsis it is no longer than that.
    return text == null || text.length() <= STEP_TEXT_MAX ? text : Cut.to(text, STEP_TEXT_MAX - 1);
  }

  /** A new request that nobody has decided about. */
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
   * The state that counts for what happens at that time: approved access is APPROVED until its end
   * and EXPIRED from then on, whether or not the worker's clock has come by the end.
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
   * Who passed a stage, shortened where it is long; null where it is not known any more.
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

  /** How many stages must be passed. */
  public int stageCount() {
    return policy == null ? 0 : policy.stages().size();
  }

  /** The stage that it waits at; null when it waits at none. */
  public ApprovalPolicy.@Nullable Stage currentStage() {
    return policy != null && state == RequestState.PENDING && stage < stageCount()
        ? policy.stages().get(stage)
        : null;
  }

  /**
   * As it is after a decision.
   *
   * @param by who decided; null for a rule or time
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

  /** In another state, while who decided stays. */
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

  /** With one more stage passed, by the determination of that eventId. */
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

  /** To end then; null for never. */
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

  /** With its access starting then. */
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

  /** Without what may be large: its policy and its history. */
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

  /** With a warning given. */
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
