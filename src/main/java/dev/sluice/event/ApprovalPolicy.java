package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stages that a request passes in order.
 *
 * @param policyVersion version of the policy's form, as the marketplace gives it
 * @param dataAccessAgreements ids of agreements that the policy refers to
 * @param reason the reason for the policy
 * @param stages in the order in which they are passed; none means approval at once
 * @param pendingFor how long a request waits for its decision, as an ISO-8601 duration; null for
 *     without end
 * @param maxDuration how long access lasts at most, as an ISO-8601 duration; null for no limit
 */
public record ApprovalPolicy(
    @Nullable String policyVersion,
    List<String> dataAccessAgreements,
    @Nullable String reason,
    List<Stage> stages,
    @Nullable String pendingFor,
    @Nullable String maxDuration) {

  /** Creates a policy without limits of time. */
  public ApprovalPolicy(
      @Nullable String policyVersion,
      List<String> dataAccessAgreements,
      @Nullable String reason,
      List<Stage> stages) {
    this(policyVersion, dataAccessAgreements, reason, stages, null, null);
  }

  /** Replaces missing lists by empty ones. */
  @SuppressWarnings("NullAway") // JSON leaves lists out
  public ApprovalPolicy {
    dataAccessAgreements =
        dataAccessAgreements == null ? List.of() : List.copyOf(dataAccessAgreements);
    stages = stages == null ? List.of() : List.copyOf(stages);
  }

  /** Returns the policy with other stages. */
  public ApprovalPolicy with(List<Stage> newStages) {
    return new ApprovalPolicy(
        policyVersion, dataAccessAgreements, reason, newStages, pendingFor, maxDuration);
  }

  /**
   * A step of approval.
   *
   * @param name the display name
   * @param required the approvers
   * @param approvalsNeeded the number of different approvers who must approve to pass the step; 1
   *     if JSON leaves the number out
   */
  public record Stage(@Nullable String name, List<Approver> required, Integer approvalsNeeded) {
    /** Replaces what is missing. */
    @SuppressWarnings("NullAway") // JSON leaves parts out
    public Stage {
      required = required == null ? List.of() : List.copyOf(required);
      approvalsNeeded = approvalsNeeded == null ? Integer.valueOf(1) : approvalsNeeded;
    }

    /** Creates a step that any one of its approvers passes. */
    public Stage(@Nullable String name, List<Approver> required) {
      this(name, required, 1);
    }
  }

  /**
   * An approver.
   *
   * @param type USER
   * @param id the user's id
   * @param displayName the display name
   */
  public record Approver(
      String type, @JsonProperty(required = true) String id, @Nullable String displayName) {
    /** Sets the default type USER, which is the only one. */
    @SuppressWarnings("NullAway") // JSON leaves it out
    public Approver {
      type = type == null ? "USER" : type;
    }
  }
}
