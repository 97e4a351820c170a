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
 */
public record ApprovalPolicy(
    @Nullable String policyVersion,
    List<String> dataAccessAgreements,
    @Nullable String reason,
    List<Stage> stages) {

  /** Replaces missing lists by empty ones. */
  @SuppressWarnings("NullAway") // JSON leaves lists out
  public ApprovalPolicy {
    dataAccessAgreements =
        dataAccessAgreements == null ? List.of() : List.copyOf(dataAccessAgreements);
    stages = stages == null ? List.of() : List.copyOf(stages);
  }

  /**
   * A step of approval; any one of its approvers passes the step.
   *
   * @param name the display name
   * @param required the approvers
   */
  public record Stage(@Nullable String name, List<Approver> required) {
    /** Replaces a missing list by an empty one. */
    @SuppressWarnings("NullAway") // JSON leaves lists out
    public Stage {
      required = required == null ? List.of() : List.copyOf(required);
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
