package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happened; one record for each type of event. Null means: not given. */
public sealed interface Payload {

  /** A product came to be. */
  record ProductPublished(
      @JsonProperty(required = true) String name,
      @Nullable String description,
      List<String> domains,
      @JsonProperty(required = true) List<DataSource> dataSources,
      @Nullable ApprovalPolicy approvalPolicy,
      List<Agreement> dataUseAgreements,
      @Nullable Expert subjectMatterExpert)
      implements Payload {
    /** Missing lists are empty ones. */
    @SuppressWarnings("NullAway") // JSON leaves lists out
    public ProductPublished {
      domains = domains == null ? List.of() : List.copyOf(domains);
      dataSources = List.copyOf(dataSources);
      dataUseAgreements = dataUseAgreements == null ? List.of() : List.copyOf(dataUseAgreements);
    }
  }

  /** Details of a product changed; what is null stays. */
  record ProductUpdated(
      @Nullable String name,
      @Nullable String description,
      @Nullable List<String> domains,
      @Nullable ApprovalPolicy approvalPolicy,
      @Nullable List<Agreement> dataUseAgreements,
      @Nullable Expert subjectMatterExpert)
      implements Payload {}

  /** The product's source set was replaced by this one. */
  record DataSourcesReplaced(@JsonProperty(required = true) List<DataSource> dataSources)
      implements Payload {
    /** Keeps its own copy. */
    public DataSourcesReplaced {
      dataSources = List.copyOf(dataSources);
    }
  }

  /** Access through the product is withheld. */
  record ProductSuspended(@Nullable String reason) implements Payload {}

  /** Access through the product is given again. */
  record ProductResumed(@Nullable String reason) implements Payload {}

  /** The product is gone for good. */
  record ProductDeleted(@Nullable String reason) implements Payload {}

  /** A user asks for access. */
  record AccessRequested(
      @JsonProperty(required = true) String requestId,
      @JsonProperty(required = true) String userId,
      boolean agreementAcknowledged,
      Map<String, String> answers)
      implements Payload {
    /** Missing answers are none. */
    @SuppressWarnings("NullAway") // JSON leaves the map out
    public AccessRequested {
      answers = answers == null ? Map.of() : Map.copyOf(answers);
    }
  }

  /**
   * An approver decided about the current stage of a request.
   *
   * @param stage the stage that was meant: its number, from 1, or its name; null for the current
   *     one
   */
  record DeterminationMade(
      @JsonProperty(required = true) String requestId,
      @JsonProperty(required = true) String approver,
      @JsonProperty(required = true) Decision decision,
      @Nullable String reason,
      @Nullable Instant expiresAt,
      @Nullable String stage)
      implements Payload {}

  /** The marketplace approved by itself. */
  record AccessApproved(
      @JsonProperty(required = true) String requestId,
      @JsonProperty(required = true) String userId,
      @JsonProperty(required = true) String approvedBy,
      @Nullable Instant expiresAt)
      implements Payload {}

  /** A pending request was denied. */
  record AccessDenied(@JsonProperty(required = true) String requestId, @Nullable String reason)
      implements Payload {}

  /** A pending request was taken back. */
  record AccessRequestCanceled(
      @JsonProperty(required = true) String requestId, @Nullable String reason)
      implements Payload {}

  /** Approved access was taken away: that request's, or all of the user's for the product. */
  record AccessRevoked(
      @Nullable String requestId,
      @JsonProperty(required = true) String userId,
      @Nullable String reason)
      implements Payload {}

  /** What an approver says. */
  enum Decision {
    /** Passes the stage. */
    APPROVE,
    /** Denies the request. */
    DENY
  }
}
