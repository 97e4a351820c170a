package dev.sluice.event.codec;

import dev.sluice.event.Agreement;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.DataSource;
import dev.sluice.event.Event;
import dev.sluice.event.Expert;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.event.UserPayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Converts events to and from the contract's Avro records. */
public final class EventAvro {

  /** Size of the prefix of Avro's single-object encoding. */
  private static final int SINGLE_OBJECT_BYTES = 10;

  /** Size of the prefix of a value in the topic. */
  private static final int SCHEMA_ID_BYTES = 5;

  private EventAvro() {}

  /** Returns the Avro form of an event. */
  public static dev.sluice.avro.ProductEvent toAvro(ProductEvent event) {
    return new dev.sluice.avro.ProductEvent(
        event.eventId(),
        event.productId(),
        event.sequence(),
        event.occurredAt(),
        event.actor(),
        payload(event.payload()),
        event.type());
  }

  /**
   * Returns the size of an event as a record's value in bytes, including the five in front that
   * name its schema.
   */
  public static int encodedBytes(Event event) {
    try {
      var buffer =
          switch (event) {
            case ProductEvent e -> toAvro(e).toByteBuffer();
            case UserEvent e -> toAvro(e).toByteBuffer();
          };
      return buffer.remaining() - SINGLE_OBJECT_BYTES + SCHEMA_ID_BYTES;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode event " + event.eventId(), e);
    }
  }

  /** Returns the Avro form of an event about a user. */
  public static dev.sluice.avro.UserEvent toAvro(UserEvent event) {
    var payload =
        switch (event.payload()) {
          case UserPayload.UserDeactivated p -> new dev.sluice.avro.UserDeactivated(p.reason());
          case UserPayload.UserReactivated p -> new dev.sluice.avro.UserReactivated(p.reason());
        };
    return new dev.sluice.avro.UserEvent(
        event.eventId(),
        event.userId(),
        event.sequence(),
        event.occurredAt(),
        event.actor(),
        payload,
        event.type());
  }

  /** Returns the Avro form of an event of either kind. */
  public static SpecificRecordBase toAvro(Event event) {
    return switch (event) {
      case ProductEvent e -> toAvro(e);
      case UserEvent e -> toAvro(e);
    };
  }

  /**
   * Returns an event about a user from its Avro form.
   *
   * @throws IllegalArgumentException if this version does not support the payload's type
   */
  public static UserEvent fromAvro(dev.sluice.avro.UserEvent event) {
    UserPayload payload =
        switch (event.getPayload()) {
          case dev.sluice.avro.UserDeactivated p -> new UserPayload.UserDeactivated(p.getReason());
          case dev.sluice.avro.UserReactivated p -> new UserPayload.UserReactivated(p.getReason());
          default ->
              throw new IllegalArgumentException(
                  "unknown payload " + event.getPayload().getClass().getName());
        };
    return new UserEvent(
        event.getEventId(),
        event.getUserId(),
        event.getSequence(),
        event.getOccurredAt(),
        event.getActor(),
        payload);
  }

  private static SpecificRecord payload(Payload payload) {
    return switch (payload) {
      case Payload.ProductPublished p ->
          new dev.sluice.avro.ProductPublished(
              p.name(),
              p.description(),
              p.domains(),
              sources(p.dataSources()),
              policy(p.approvalPolicy()),
              agreements(p.dataUseAgreements()),
              expert(p.subjectMatterExpert()));
      case Payload.ProductUpdated p ->
          new dev.sluice.avro.ProductUpdated(
              p.name(),
              p.description(),
              p.domains(),
              policy(p.approvalPolicy()),
              p.dataUseAgreements() == null ? null : agreements(p.dataUseAgreements()),
              expert(p.subjectMatterExpert()));
      case Payload.DataSourcesReplaced p ->
          new dev.sluice.avro.DataSourcesReplaced(sources(p.dataSources()));
      case Payload.ProductSuspended p -> new dev.sluice.avro.ProductSuspended(p.reason());
      case Payload.ProductResumed p -> new dev.sluice.avro.ProductResumed(p.reason());
      case Payload.ProductDeleted p -> new dev.sluice.avro.ProductDeleted(p.reason());
      case Payload.AccessRequested p ->
          new dev.sluice.avro.AccessRequested(
              p.requestId(), p.userId(), p.agreementAcknowledged(), p.answers());
      case Payload.DeterminationMade p ->
          new dev.sluice.avro.DeterminationMade(
              p.requestId(),
              p.approver(),
              dev.sluice.avro.Decision.valueOf(p.decision().name()),
              p.reason(),
              p.expiresAt(),
              p.stage(),
              p.grantedFor(),
              p.startsAt());
      case Payload.AccessApproved p ->
          new dev.sluice.avro.AccessApproved(
              p.requestId(),
              p.userId(),
              p.approvedBy(),
              p.expiresAt(),
              p.grantedFor(),
              p.startsAt());
      case Payload.AccessDenied p -> new dev.sluice.avro.AccessDenied(p.requestId(), p.reason());
      case Payload.AccessRequestCanceled p ->
          new dev.sluice.avro.AccessRequestCanceled(p.requestId(), p.reason());
      case Payload.AccessRevoked p ->
          new dev.sluice.avro.AccessRevoked(p.requestId(), p.userId(), p.reason());
      case Payload.ApproversReplaced p ->
          new dev.sluice.avro.ApproversReplaced(
              p.requestId(), p.stage(), map(p.approvers(), EventAvro::approver), p.reason());
    };
  }

  /**
   * Returns an event from its Avro form.
   *
   * @throws IllegalArgumentException if this version does not support the payload's type
   */
  public static ProductEvent fromAvro(dev.sluice.avro.ProductEvent event) {
    return new ProductEvent(
        event.getEventId(),
        event.getProductId(),
        event.getSequence(),
        event.getOccurredAt(),
        event.getActor(),
        payload(event.getPayload()));
  }

  private static Payload payload(Object payload) {
    return switch (payload) {
      case dev.sluice.avro.ProductPublished p ->
          new Payload.ProductPublished(
              p.getName(),
              p.getDescription(),
              p.getDomains(),
              fromSources(p.getDataSources()),
              fromAvro(p.getApprovalPolicy()),
              fromAgreements(p.getDataUseAgreements()),
              fromAvro(p.getSubjectMatterExpert()));
      case dev.sluice.avro.ProductUpdated p ->
          new Payload.ProductUpdated(
              p.getName(),
              p.getDescription(),
              p.getDomains() == null ? null : List.copyOf(p.getDomains()),
              fromAvro(p.getApprovalPolicy()),
              p.getDataUseAgreements() == null ? null : fromAgreements(p.getDataUseAgreements()),
              fromAvro(p.getSubjectMatterExpert()));
      case dev.sluice.avro.DataSourcesReplaced p ->
          new Payload.DataSourcesReplaced(fromSources(p.getDataSources()));
      case dev.sluice.avro.ProductSuspended p -> new Payload.ProductSuspended(p.getReason());
      case dev.sluice.avro.ProductResumed p -> new Payload.ProductResumed(p.getReason());
      case dev.sluice.avro.ProductDeleted p -> new Payload.ProductDeleted(p.getReason());
      case dev.sluice.avro.AccessRequested p ->
          new Payload.AccessRequested(
              p.getRequestId(), p.getUserId(), p.getAgreementAcknowledged(), p.getAnswers());
      case dev.sluice.avro.DeterminationMade p ->
          new Payload.DeterminationMade(
              p.getRequestId(),
              p.getApprover(),
              Payload.Decision.valueOf(p.getDecision().name()),
              p.getReason(),
              p.getExpiresAt(),
              p.getStage(),
              p.getGrantedFor(),
              p.getStartsAt());
      case dev.sluice.avro.AccessApproved p ->
          new Payload.AccessApproved(
              p.getRequestId(),
              p.getUserId(),
              p.getApprovedBy(),
              p.getExpiresAt(),
              p.getGrantedFor(),
              p.getStartsAt());
      case dev.sluice.avro.AccessDenied p ->
          new Payload.AccessDenied(p.getRequestId(), p.getReason());
      case dev.sluice.avro.AccessRequestCanceled p ->
          new Payload.AccessRequestCanceled(p.getRequestId(), p.getReason());
      case dev.sluice.avro.AccessRevoked p ->
          new Payload.AccessRevoked(p.getRequestId(), p.getUserId(), p.getReason());
      case dev.sluice.avro.ApproversReplaced p ->
          new Payload.ApproversReplaced(
              p.getRequestId(),
              p.getStage(),
              map(p.getApprovers(), EventAvro::approver),
              p.getReason());
      default ->
          throw new IllegalArgumentException("unknown payload " + payload.getClass().getName());
    };
  }

  /** Returns data sources in Avro form. */
  public static List<dev.sluice.avro.DataSource> sources(List<DataSource> sources) {
    return map(sources, s -> new dev.sluice.avro.DataSource(s.sourceId(), s.sourceType()));
  }

  private static List<DataSource> fromSources(List<dev.sluice.avro.DataSource> sources) {
    return map(sources, s -> new DataSource(s.getSourceId(), s.getSourceType()));
  }

  /** Returns agreements in Avro form. */
  public static List<dev.sluice.avro.DataUseAgreement> agreements(List<Agreement> agreements) {
    return map(agreements, a -> new dev.sluice.avro.DataUseAgreement(a.id(), a.name()));
  }

  /** Returns agreements from their Avro form. */
  public static List<Agreement> fromAgreements(List<dev.sluice.avro.DataUseAgreement> agreements) {
    return map(agreements, a -> new Agreement(a.getId(), a.getName()));
  }

  /** Returns an expert in Avro form. */
  public static dev.sluice.avro.@Nullable SubjectMatterExpert expert(@Nullable Expert expert) {
    return expert == null
        ? null
        : new dev.sluice.avro.SubjectMatterExpert(expert.id(), expert.username());
  }

  /** Returns an expert from its Avro form. */
  public static @Nullable Expert fromAvro(dev.sluice.avro.@Nullable SubjectMatterExpert expert) {
    return expert == null ? null : new Expert(expert.getId(), expert.getUsername());
  }

  /** Returns a policy in Avro form. */
  public static dev.sluice.avro.@Nullable ApprovalPolicy policy(@Nullable ApprovalPolicy policy) {
    return policy == null
        ? null
        : new dev.sluice.avro.ApprovalPolicy(
            policy.policyVersion(),
            policy.dataAccessAgreements(),
            policy.reason(),
            map(
                policy.stages(),
                s ->
                    new dev.sluice.avro.ApprovalStage(
                        s.name(), map(s.required(), EventAvro::approver), s.approvalsNeeded())),
            policy.pendingFor(),
            policy.maxDuration());
  }

  private static dev.sluice.avro.Approver approver(ApprovalPolicy.Approver a) {
    return new dev.sluice.avro.Approver(a.type(), a.id(), a.displayName());
  }

  private static ApprovalPolicy.Approver approver(dev.sluice.avro.Approver a) {
    return new ApprovalPolicy.Approver(a.getType(), a.getId(), a.getDisplayName());
  }

  /** Returns a policy from its Avro form. */
  public static @Nullable ApprovalPolicy fromAvro(dev.sluice.avro.@Nullable ApprovalPolicy policy) {
    return policy == null
        ? null
        : new ApprovalPolicy(
            policy.getPolicyVersion(),
            policy.getDataAccessAgreements(),
            policy.getReason(),
            map(
                policy.getStages(),
                s ->
                    new ApprovalPolicy.Stage(
                        s.getName(),
                        map(s.getRequired(), EventAvro::approver),
                        s.getApprovalsNeeded())),
            policy.getPendingFor(),
            policy.getMaxDuration());
  }

  private static <A, B> List<B> map(List<A> from, Function<A, B> function) {
    return from.stream().map(function).toList();
  }
}
