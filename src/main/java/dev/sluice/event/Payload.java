package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The content of an event, with one record for each type of event. Null means: not given. */
public sealed interface Payload {

  /** Returns all types of events, in the order of their declaration. */
  static List<Class<?>> types() {
    return types(Payload.class).toList();
  }

  private static Stream<Class<?>> types(Class<?> kind) {
    return kind.isSealed()
        ? Arrays.stream(kind.getPermittedSubclasses()).flatMap(Payload::types)
        : Stream.of(kind);
  }

  /** An event about a product itself. */
  sealed interface ProductPayload extends Payload {}

  /** An event about a user's request for a product. */
  sealed interface RequestPayload extends Payload {}

  /** A product was published. */
  record ProductPublished(
      @JsonProperty(required = true) String name,
      @Nullable String description,
      List<String> domains,
      @JsonProperty(required = true) List<DataSource> dataSources,
      @Nullable ApprovalPolicy approvalPolicy,
      List<Agreement> dataUseAgreements,
      @Nullable Expert subjectMatterExpert)
      implements ProductPayload {
    /** Replaces missing lists by empty ones. */
    @SuppressWarnings("NullAway") // JSON leaves lists out
    public ProductPublished {
      domains = domains == null ? List.of() : List.copyOf(domains);
      dataSources = List.copyOf(dataSources);
      dataUseAgreements = dataUseAgreements == null ? List.of() : List.copyOf(dataUseAgreements);
    }
  }

  /** An event that changes a product that was published before. */
  sealed interface ProductChange extends ProductPayload {}

  /** Details of a product changed; null keeps the old value. */
  record ProductUpdated(
      @Nullable String name,
      @Nullable String description,
      @Nullable List<String> domains,
      @Nullable ApprovalPolicy approvalPolicy,
      @Nullable List<Agreement> dataUseAgreements,
      @Nullable Expert subjectMatterExpert)
      implements ProductChange {}

  /** The product's sources were replaced by these. */
  record DataSourcesReplaced(@JsonProperty(required = true) List<DataSource> dataSources)
      implements ProductChange {
    /** Copies the list. */
    public DataSourcesReplaced {
      dataSources = List.copyOf(dataSources);
    }
  }

  /** Access through the product is withheld. */
  record ProductSuspended(@Nullable String reason) implements ProductChange {}

  /** Access through the product is given again. */
  record ProductResumed(@Nullable String reason) implements ProductChange {}

  /** The product was deleted, for good. */
  record ProductDeleted(@Nullable String reason) implements ProductChange {}

  /** A user asks for access. */
  record AccessRequested(
      @JsonProperty(required = true) String requestId,
      @JsonProperty(required = true) String userId,
      boolean agreementAcknowledged,
      Map<String, String> answers)
      implements RequestPayload {
    /** Replaces missing answers by none. */
    @SuppressWarnings("NullAway") // JSON leaves the map out
    public AccessRequested {
      answers = answers == null ? Map.of() : Map.copyOf(answers);
    }
  }

  /**
   * An approver decided about the current stage of a request.
   *
   * @param stage the intended stage: its number, from 1, or its name; null for the current one
   * @param grantedFor how long the access is to last, as an ISO-8601 duration
   * @param startsAt when the access is to start
   */
  record DeterminationMade(
      @JsonProperty(required = true) String requestId,
      @JsonProperty(required = true) String approver,
      @JsonProperty(required = true) Decision decision,
      @Nullable String reason,
      @Nullable Instant expiresAt,
      @Nullable String stage,
      @Nullable String grantedFor,
      @Nullable Instant startsAt)
      implements RequestPayload {
    /** Creates a determination without a duration and a start. */
    public DeterminationMade(
        String requestId,
        String approver,
        Decision decision,
        @Nullable String reason,
        @Nullable Instant expiresAt,
        @Nullable String stage) {
      this(requestId, approver, decision, reason, expiresAt, stage, null, null);
    }

    /** Returns the determination with another reason. */
    public DeterminationMade withReason(@Nullable String newReason) {
      return new DeterminationMade(
          requestId, approver, decision, newReason, expiresAt, stage, grantedFor, startsAt);
    }
  }

  /**
   * The marketplace approved on its own.
   *
   * @param grantedFor how long the access is to last, as an ISO-8601 duration
   * @param startsAt when the access is to start
   */
  record AccessApproved(
      @JsonProperty(required = true) String requestId,
      @JsonProperty(required = true) String userId,
      @JsonProperty(required = true) String approvedBy,
      @Nullable Instant expiresAt,
      @Nullable String grantedFor,
      @Nullable Instant startsAt)
      implements RequestPayload {
    /** Creates an approval without a duration and a start. */
    public AccessApproved(
        String requestId, String userId, String approvedBy, @Nullable Instant expiresAt) {
      this(requestId, userId, approvedBy, expiresAt, null, null);
    }

    /** Returns the approval by somebody else. */
    public AccessApproved by(String newApprovedBy) {
      return new AccessApproved(requestId, userId, newApprovedBy, expiresAt, grantedFor, startsAt);
    }
  }

  /** A pending request was denied. */
  record AccessDenied(@JsonProperty(required = true) String requestId, @Nullable String reason)
      implements RequestPayload {}

  /** A pending request was taken back. */
  record AccessRequestCanceled(
      @JsonProperty(required = true) String requestId, @Nullable String reason)
      implements RequestPayload {}

  /**
   * Approved access was revoked: that of the request, or of all of the user's requests for the
   * product.
   */
  record AccessRevoked(
      @Nullable String requestId,
      @JsonProperty(required = true) String userId,
      @Nullable String reason)
      implements RequestPayload {}

  /**
   * The approvers of a stage of a pending request were replaced.
   *
   * @param stage the stage: its number, from 1, or its name; null for the current one
   */
  record ApproversReplaced(
      @JsonProperty(required = true) String requestId,
      @Nullable String stage,
      @JsonProperty(required = true) List<ApprovalPolicy.Approver> approvers,
      @Nullable String reason)
      implements RequestPayload {
    /** Copies the list. */
    public ApproversReplaced {
      approvers = List.copyOf(approvers);
    }
  }

  /** An approver's decision. */
  enum Decision {
    /** Passes the stage. */
    APPROVE,
    /** Denies the request. */
    DENY
  }
}
