package dev.sluice.product;

import dev.sluice.event.ApprovalPolicy;
import org.jspecify.annotations.Nullable;

/** What an approval policy must be so that a request can pass it. */
final class PolicyRules {
  private static final String USER = "USER";

  private PolicyRules() {}

  /** What is wrong with it, in words; null when nothing is. */
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
        return name + " of the approval policy lists nobody";
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

  /** Whether the user is listed for the stage. */
  static boolean lists(ApprovalPolicy.Stage stage, String userId) {
    return stage.required().stream().anyMatch(a -> a.type().equals(USER) && a.id().equals(userId));
  }
}
