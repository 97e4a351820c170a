package dev.sluice.product;

import dev.sluice.event.ApprovalPolicy;
import org.jspecify.annotations.Nullable;

/** Checks that a request can pass an approval policy. */
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
      var name =
          "stage " + number + (stage.name() == null ? "" : " " + EventIds.quoted(stage.name()));
      if (stage.required().isEmpty()) {
        return name + " of the approval policy has no approver";
      }
      for (var approver : stage.required()) {
        if (!approver.type().equals(USER)) {
          return name + " lists an approver of type " + EventIds.quoted(approver.type());
        }
        if (approver.id().isBlank()) {
          return name + " lists an approver without an id";
        }
      }
    }
    return null;
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

  /** Returns whether a user is an approver of a stage. */
  static boolean lists(ApprovalPolicy.Stage stage, String userId) {
    return stage.required().stream().anyMatch(a -> a.type().equals(USER) && a.id().equals(userId));
  }
}
