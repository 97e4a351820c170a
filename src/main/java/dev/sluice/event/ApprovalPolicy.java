package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stages that a request passes in order.
 *
 * @param policyVersion version of the policy's form, as the marketplace gives it
 * @param dataAccessAgreements ids of agreements that the policy refers to
 * @param reason why the policy is as it is
 * @param stages in the order in which they are passed; none means approval at once
 */
public record ApprovalPolicy(
    @Nullable String policyVersion,
    List<String> dataAccessAgreements,
    @Nullable String reason,
    List<Stage> stages) {

  /** Missing lists are empty ones. */
  @SuppressWarnings("NullAway") // JSON leaves lists out
  public ApprovalPolicy {
    dataAccessAgreements =
        dataAccessAgreements == null ? List.of() : List.copyOf(dataAccessAgreements);
    stages = stages == null ? List.of() : List.copyOf(stages);
  }

  /**
   * One step of approval; any one of its approvers passes it.
   *
   * @param name what people call it
   * @param required the approvers
   */
  public record Stage(@Nullable String name, List<Approver> required) {
    /** A missing list is an empty one. */
    @SuppressWarnings("NullAway") // JSON leaves lists out
    public Stage {
      required = required == null ? List.of() : List.copyOf(required);
    }
  }

  /**
   * Somebody who may decide.
   *
   * @param type USER
   * @param id the user's id
   * @param displayName what people call the user
   */
  public record Approver(
      String type, @JsonProperty(required = true) String id, @Nullable String displayName) {
    /** USER is the only type, and the default. */
    @SuppressWarnings("NullAway") // JSON leaves it out
    public Approver {
      type = type == null ? "USER" : type;
    }
  }
}
