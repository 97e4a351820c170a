package dev.sluice.query.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.event.DataSource;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import dev.sluice.update.CommandReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is answered, field by field as it goes over HTTP: openapi.json describes it. What is null is
 * left out. Pure.
 */
public sealed interface ApiModel {

  /**
   * Some of a list.
   *
   * @param next gives the rest; null at the end
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Page<T>(List<T> items, @Nullable String next) implements ApiModel {}

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
   * @param stages who must approve a request, stage by stage
   * @param spreading whether its newest revision has yet to reach some members
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
      long members,
      Map<RequestState, Long> requests,
      boolean spreading,
      List<SweepView> sweeps)
      implements ApiModel {}

  /**
   * A source that a product had.
   *
   * @param sourceType null where an older version noted the removal, which kept no type
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RemovedSource(String sourceId, @Nullable String sourceType, Instant at) {}

  /** A stage of approval. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record StageView(@Nullable String name, List<String> approvers) {}

  /** How far a revision has spread over the members in one partition of users. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SweepView(int partition, long revision, long membersLeft, @Nullable Instant since) {}

  /** A member of a product. */
  record MemberView(String userId, boolean spreading) {}

  /** Several requests. */
  record Requests(List<RequestView> items) implements ApiModel {}

  /**
   * A request.
   *
   * @param stage which it waits at, from 1
   * @param since when the access that it gives began
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
      @Nullable Instant since,
      @Nullable Instant expiresAt,
      @Nullable String reason,
      List<StepView> history) {}

  /** One decision about a request. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record StepView(
      RequestState state, int stage, @Nullable String by, Instant at, @Nullable String reason) {}

  /**
   * A source that a user has.
   *
   * @param spreading whether commands for the user are still to come
   * @param givenBy the first of them
   * @param givenByCount how many there are
   */
  record AccessView(
      String sourceId,
      String sourceType,
      boolean spreading,
      List<GivenBy> givenBy,
      long givenByCount) {}

  /**
   * A product that gives a source, and the requests behind it.
   *
   * @param requests the first of them
   * @param requestCount how many there are
   */
  record GivenBy(String productId, List<Approval> requests, long requestCount) {}

  /** An approved request. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Approval(String requestId, @Nullable Instant since, @Nullable Instant until) {}

  /**
   * A user who has a source.
   *
   * @param sourceTypes the types under which they have one of that id
   * @param productIds the first of those that give it
   * @param productCount how many there are
   */
  record HolderView(
      String userId,
      List<String> sourceTypes,
      List<String> productIds,
      long productCount,
      boolean spreading) {}

  /**
   * Whether a user has a source, and why.
   *
   * @param sourceTypes the types under which products have a source of that id, or had it; the one
   *     that was asked for where one was
   * @param access whether they have it under one of the types
   * @param says the same in a sentence
   * @param products the first of them, those that give it before others
   * @param productCount how many there are
   */
  record ExplainView(
      String userId,
      String sourceId,
      List<String> sourceTypes,
      boolean access,
      boolean spreading,
      String says,
      List<ReasonView> products,
      long productCount)
      implements ApiModel {}

  /**
   * What one product has to do with it.
   *
   * @param sourceType under which it has the source, or had it; null where an older version noted
   *     the removal, which kept no type
   * @param gives whether it gives the source to the user
   * @param blockedBy what keeps it from it; empty where it gives
   * @param requests the first of them, approved ones before others
   * @param requestCount how many were found
   * @param complete whether all requests of the user were looked at; else those that are over or
   *     pending may be missing
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

  /** What keeps a product from giving a source to a user. */
  enum Block {
    /** The product is suspended. */
    PRODUCT_SUSPENDED,
    /** The product is deleted. */
    PRODUCT_DELETED,
    /** The product had the source, and has it no more. */
    SOURCE_REMOVED,
    /** The user has never asked for it. */
    NOT_REQUESTED,
    /** No request of the user's is approved. */
    NOT_APPROVED
  }

  /** What one request gives, or what blocks it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RequestReason(
      String requestId,
      RequestState state,
      @Nullable Integer stage,
      @Nullable StageView waitsFor,
      @Nullable Instant since,
      @Nullable Instant until,
      String says) {}

  /** What an event would do. */
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

  /** What is decided about an event. */
  enum Outcome {
    /** It changes something. */
    APPLIED,
    /** It asks for what already holds. */
    NO_OP,
    /** It was accepted before. */
    DUPLICATE,
    /** It is rejected. */
    REJECTED
  }

  /** How many commands, and the first of them. */
  record Commands(long count, List<CommandView> first) {}

  /** How many there are, and the first of them. */
  record Touched(long count, List<String> first) {}

  /** How many sources there are, and the first of them. */
  record TouchedSources(long count, List<DataSource> first) {}

  /** A command to be. */
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
   * How all is at a moment, for those who watch.
   *
   * @param sweeping the products that are being swept, some of them where there are many
   * @param traffic null while Kafka does not say
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Live(
      Instant at, Overview overview, List<SweepingView> sweeping, @Nullable TrafficView traffic)
      implements ApiModel {}

  /**
   * A product that is being swept.
   *
   * @param membersLeft about how many members the revision has yet to reach
   * @param members of the product, all in all
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record SweepingView(
      String productId, long revision, long membersLeft, long members, @Nullable Instant since) {}

  /**
   * What goes through all workers.
   *
   * @param commandsPerSecond that were committed since the look before; null where there was none
   *     lately
   * @param events what waits in product-events
   * @param updates what waits between the stages
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TrafficView(@Nullable Double commandsPerSecond, LagView events, LagView updates) {}

  /** Records that are not processed, and how long the oldest of them has waited. */
  record LagView(long records, double seconds) {}
}
