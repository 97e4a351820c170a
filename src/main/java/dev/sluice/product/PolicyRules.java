package dev.sluice.product;

import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.IsoDuration;
import org.jspecify.annotations.Nullable;

/** Rules of approval policies: whether a request can pass one, and where it stands. */
final class PolicyRules {
  private static final String USER = "USER";

  private PolicyRules() {}

  /** Returns a description of the policy's first fault; null if there is none. */
  static @Nullable String problem(@Nullable ApprovalPolicy policy) {
    if (policy == null) {
      return null;
    }
    int number = 0;
    for (var stage : policy.stages()) {
      number++;
      var problem = problem(stage);
      if (problem != null) {
        var name = stage.name() == null ? "" : " " + EventIds.quoted(stage.name());
        return "stage " + number + name + problem;
      }
    }
    var pendingFor = IsoDuration.problem(policy.pendingFor());
    if (pendingFor != null) {
      return "pendingFor of the approval policy: " + pendingFor;
    }
    var maxDuration = IsoDuration.problem(policy.maxDuration());
    return maxDuration == null ? null : "maxDuration of the approval policy: " + maxDuration;
  }

  /** Returns a description of a stage's first fault, without its name; null if there is none. */
  static @Nullable String problem(ApprovalPolicy.Stage stage) {
    if (stage.required().isEmpty()) {
      return " of the approval policy has no approver";
    }
    for (var approver : stage.required()) {
      if (!approver.type().equals(USER)) {
        return " lists an approver of type " + EventIds.quoted(approver.type());
      }
      if (approver.id().isBlank()) {
        return " lists an approver without an id";
      }
    }
    var approvers = stage.required().stream().map(ApprovalPolicy.Approver::id).distinct().count();
    return stage.approvalsNeeded() >= 1 && stage.approvalsNeeded() <= approvers
        ? null
        : " needs %d approvals and lists %d approvers"
            .formatted(stage.approvalsNeeded(), approvers);
  }

  /**
   * Returns whether a text names a stage: by its name, or by its number from 1 if no stage has that
   * name.
   *
   * @param stage the stage's number, from 0
   */
  static boolean means(@Nullable ApprovalPolicy policy, int stage, String words) {
    if (policy == null || stage < 0 || stage >= policy.stages().size()) {
      return false;
    }
    return policy.stages().stream().anyMatch(s -> words.equals(s.name()))
        ? words.equals(policy.stages().get(stage).name())
        : words.equals(Integer.toString(stage + 1));
  }

  /** Returns a stage's description, such as {@code 2 of 3 ("Legal")}. */
  static String called(@Nullable ApprovalPolicy policy, int stage) {
    if (policy == null || stage < 0 || stage >= policy.stages().size()) {
      return Integer.toString(stage + 1);
    }
    var name = policy.stages().get(stage).name();
    return (stage + 1)
        + " of "
        + policy.stages().size()
        + (name == null || name.isEmpty() ? "" : " (" + EventIds.quoted(name) + ")");
  }

  /**
   * Returns the number, from 0, of the stage that a text names, as {@link #means} does; -1 if the
   * policy has no such stage from the given one on.
   *
   * @param words the text; null for the given stage
   * @param from the first stage that may be meant
   */
  static int stage(@Nullable ApprovalPolicy policy, int from, @Nullable String words) {
    var count = policy == null ? 0 : policy.stages().size();
    for (int stage = from; stage < count; stage++) {
      if (words == null || means(policy, stage, words)) {
        return stage;
      }
    }
    return -1;
  }

  /** Returns whether a user is an approver of a stage. */
  static boolean lists(ApprovalPolicy.Stage stage, String userId) {
    return stage.required().stream().anyMatch(a -> a.type().equals(USER) && a.id().equals(userId));
  }
}
