package dev.sluice.query.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.event.DataSource;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import dev.sluice.update.CommandReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers of the API, with the fields of their JSON form; openapi.json describes them. Null fields
 * are left out. Pure.
 */
public sealed interface ApiModel {

  /**
   * A page of a list.
   *
   * @param next cursor of the next page; null on the last
   * @param deactivated present if the list is empty because its user is deactivated
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Page<T>(List<T> items, @Nullable String next, @Nullable DeactivatedView deactivated)
      implements ApiModel {

    /** Creates a page that does not depend on a user's being active. */
    public Page(List<T> items, @Nullable String next) {
      this(items, next, null);
    }
  }

  /**
   * The deactivation of a user.
   *
   * @param reason the event's own reason
   * @param eventId the event
   * @param spreading whether some of the user's sources are still to be revoked
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DeactivatedView(
      Instant since, @Nullable String reason, String eventId, boolean spreading) {}

  /** A product in a list. */
  record ProductLine(
      String productId,
      String name,
      ProductState state,
      long revision,
      int sources,
      long members,
      Map<RequestState, Long> requests) {}

  /**
   * A product.
   *
   * @param stages approvers of each stage
   * @param pendingFor how long a request waits for its decision, as an ISO-8601 duration
   * @param maxDuration how long access lasts at most, as an ISO-8601 duration
   * @param spreading whether commands of its newest revision are still pending for some members
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ProductView(
      String productId,
      String name,
      @Nullable String description,
      List<String> domains,
      ProductState state,
      @Nullable Instant stateSince,
      long revision,
      List<DataSource> sources,
      List<RemovedSource> removedSources,
      List<StageView> stages,
      @Nullable String pendingFor,
      @Nullable String maxDuration,
      long members,
      Map<RequestState, Long> requests,
      boolean spreading,
      List<SweepView> sweeps)
      implements ApiModel {}

  /**
   * A source that was removed from a product.
   *
   * @param sourceType null if an older version, which stored no type, recorded the removal
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RemovedSource(String sourceId, @Nullable String sourceType, Instant at) {}

  /**
   * A stage of approval.
   *
   * @param approvalsNeeded the number of different approvers who must approve
   * @param approvedBy the approvers who have approved the request; null if the stage is not that of
   *     a request
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record StageView(
      @Nullable String name,
      List<String> approvers,
      int approvalsNeeded,
      @Nullable List<String> approvedBy) {}

  /** Progress of a revision over the members in one user partition. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SweepView(int partition, long revision, long membersLeft, @Nullable Instant since) {}

  /** A member of a product. */
  record MemberView(String userId, boolean spreading) {}

  /** Several requests. */
  record Requests(List<RequestView> items) implements ApiModel {}

  /**
   * A request.
   *
   * @param stage the pending stage, from 1
   * @param lapsesAt when a pending request lapses
   * @param startsAt when the access starts, if not with the approval
   * @param since start of the access that the request gives
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RequestView(
      String requestId,
      String productId,
      String userId,
      RequestState state,
      @Nullable Integer stage,
      int stageCount,
      @Nullable StageView waitsFor,
      Instant requestedAt,
      @Nullable String decidedBy,
      @Nullable Instant decidedAt,
      @Nullable Instant lapsesAt,
      @Nullable Instant startsAt,
      @Nullable Instant since,
      @Nullable Instant expiresAt,
      @Nullable String reason,
      List<StepView> history) {}

  /** One decision about a request. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record StepView(
      RequestState state, int stage, @Nullable String by, Instant at, @Nullable String reason) {}

  /**
   * A source that a user can access.
   *
   * @param spreading whether commands for the user are still pending
   * @param givenBy the first products that give it
   * @param givenByCount number of products
   * @param delivery what is outstanding; null if the worker knows nothing of delivery
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AccessView(
      String sourceId,
      String sourceType,
      boolean spreading,
      List<GivenBy> givenBy,
      long givenByCount,
      @Nullable DeliveryNote delivery) {

    /** Creates a source of which nothing is known but the decision. */
    public AccessView(
        String sourceId,
        String sourceType,
        boolean spreading,
        List<GivenBy> givenBy,
        long givenByCount) {
      this(sourceId, sourceType, spreading, givenBy, givenByCount, null);
    }

    AccessView with(DeliveryNote note) {
      return new AccessView(sourceId, sourceType, spreading, givenBy, givenByCount, note);
    }
  }

  /**
   * A product that gives a source, and the approved requests for it.
   *
   * @param requests the first of them
   * @param requestCount number of requests
   */
  record GivenBy(String productId, List<Approval> requests, long requestCount) {}

  /** An approved request. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Approval(String requestId, @Nullable Instant since, @Nullable Instant until) {}

  /**
   * A user with access to a source.
   *
   * @param sourceTypes types of the source with that id that the user can access
   * @param productIds the first products that give it
   * @param productCount number of products
   */
  record HolderView(
      String userId,
      List<String> sourceTypes,
      List<String> productIds,
      long productCount,
      boolean spreading) {}

  /**
   * Explains why a user has, or does not have, access to a source.
   *
   * @param sourceTypes types under which products contain or contained the source; only the given
   *     type if the query names one
   * @param access whether the user has access under at least one type
   * @param says summary in one sentence
   * @param deactivated present if the user is deactivated
   * @param products the first products, those that give the source first
   * @param productCount number of products
   * @param delivery what is outstanding, for each type; null if the worker knows nothing of
   *     delivery
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ExplainView(
      String userId,
      String sourceId,
      List<String> sourceTypes,
      boolean access,
      boolean spreading,
      String says,
      @Nullable DeactivatedView deactivated,
      List<ReasonView> products,
      long productCount,
      @Nullable List<DeliveryNote> delivery)
      implements ApiModel {

    ExplainView with(List<DeliveryNote> notes) {
      return new ExplainView(
          userId,
          sourceId,
          sourceTypes,
          access,
          spreading,
          says,
          deactivated,
          products,
          productCount,
          notes);
    }
  }

  /**
   * A command that no platform has confirmed.
   *
   * @param reason the reason's name in the contract
   * @param since since when it is in this state
   * @param overdueSince when its deadline passed
   * @param attempts how often it was tried; 0 before the first result
   * @param says all of it in one sentence
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DeliveryView(
      String userId,
      String sourceType,
      String sourceId,
      CommandAction action,
      int epoch,
      long revision,
      String productId,
      String reason,
      Instant commandedAt,
      DeliveryState state,
      Instant since,
      @Nullable Instant overdueSince,
      @Nullable ErrorClass errorClass,
      @Nullable String code,
      @Nullable String message,
      int attempts,
      @Nullable String executor,
      String says) {}

  /**
   * What is outstanding for one user and source, beside the decision.
   *
   * @param sourceType type of the source
   * @param outstanding whether a command is; null if that is not known now
   * @param action and the following: those of the outstanding command, as in {@link DeliveryView}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DeliveryNote(
      String sourceType,
      @Nullable Boolean outstanding,
      @Nullable CommandAction action,
      @Nullable Instant commandedAt,
      @Nullable DeliveryState state,
      @Nullable Instant since,
      @Nullable Instant overdueSince,
      @Nullable ErrorClass errorClass,
      @Nullable String code,
      @Nullable String message,
      @Nullable Integer attempts,
      @Nullable String executor,
      String says) {}

  /**
   * Numbers of all outstanding commands.
   *
   * @param oldest when the oldest one was commanded
   * @param counting whether commands are still being counted after a start, so that the numbers are
   *     too low
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DeliverySummary(
      long outstanding,
      long overdue,
      @Nullable Instant oldest,
      List<DeliveryCount> counts,
      boolean counting)
      implements ApiModel {}

  /**
   * Numbers of the outstanding commands of one action and type of sources.
   *
   * @param states number of commands in each state
   * @param oldest when the oldest one was commanded; null if it is not known yet
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DeliveryCount(
      CommandAction action,
      String sourceType,
      long outstanding,
      long overdue,
      Map<DeliveryState, Long> states,
      @Nullable Instant oldest) {}

  /**
   * Role of one product in an explanation.
   *
   * @param sourceType type of the source in this product; null if an older version, which stored no
   *     type, recorded the removal
   * @param gives whether the product gives the source to the user
   * @param blockedBy reasons why it does not; empty if it does
   * @param requests the first of them, approved ones first
   * @param requestCount number of requests found
   * @param complete whether all requests of the user were searched; otherwise ended or pending ones
   *     may be missing
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ReasonView(
      String productId,
      @Nullable String sourceType,
      boolean gives,
      List<Block> blockedBy,
      ProductState state,
      @Nullable Instant stateSince,
      boolean contains,
      @Nullable Instant removedAt,
      List<RequestReason> requests,
      long requestCount,
      boolean complete,
      String says) {}

  /** Reason why a product does not give a source to a user. */
  enum Block {
    /** The user is deactivated. */
    USER_DEACTIVATED,
    /** The product is suspended. */
    PRODUCT_SUSPENDED,
    /** The product is deleted. */
    PRODUCT_DELETED,
    /** The source was removed from the product. */
    SOURCE_REMOVED,
    /** The user has never requested the product. */
    NOT_REQUESTED,
    /** The user has no approved request. */
    NOT_APPROVED
  }

  /** Effect of one request. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RequestReason(
      String requestId,
      RequestState state,
      @Nullable Integer stage,
      @Nullable StageView waitsFor,
      @Nullable Instant since,
      @Nullable Instant until,
      String says) {}

  /** Effect of an event. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PreviewView(
      Outcome outcome,
      @Nullable String reason,
      @Nullable String message,
      Commands grants,
      Commands revokes,
      Touched users,
      TouchedSources sources,
      boolean complete)
      implements ApiModel {}

  /** Decision about an event. */
  enum Outcome {
    /** The event changes something. */
    APPLIED,
    /** The requested state exists already. */
    NO_OP,
    /** The event was accepted before. */
    DUPLICATE,
    /** The event is rejected. */
    REJECTED
  }

  /** Number of commands, and the first of them. */
  record Commands(long count, List<CommandView> first) {}

  /** Number of affected objects, and the first of them. */
  record Touched(long count, List<String> first) {}

  /** Number of affected sources, and the first of them. */
  record TouchedSources(long count, List<DataSource> first) {}

  /** A command that the event would cause. */
  record CommandView(
      String userId, String sourceId, String sourceType, String productId, CommandReason reason) {}

  /**
   * Numbers over everything.
   *
   * @param counting whether a worker still counts the products it found at its start, so that
   *     products, requests and members are too low
   */
  record Overview(
      Map<ProductState, Long> products,
      Map<RequestState, Long> requests,
      long members,
      long sweeps,
      boolean counting)
      implements ApiModel {}

  /**
   * Live overview at one moment.
   *
   * @param sweeping sweeps in progress, shortened if there are many
   * @param traffic null while Kafka does not report it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Live(
      Instant at, Overview overview, List<SweepingView> sweeping, @Nullable TrafficView traffic)
      implements ApiModel {}

  /**
   * A sweep in progress.
   *
   * @param membersLeft approximate number of members not yet processed
   * @param members number of members of the product
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SweepingView(
      String productId, long revision, long membersLeft, long members, @Nullable Instant since) {}

  /**
   * Traffic of all workers.
   *
   * @param commandsPerSecond committed commands since the previous reading; null without a recent
   *     one
   * @param events waiting records of product-events
   * @param updates waiting records between the stages
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TrafficView(@Nullable Double commandsPerSecond, LagView events, LagView updates) {}

  /** Unprocessed records, and the waiting time of the oldest. */
  record LagView(long records, double seconds) {}
}
