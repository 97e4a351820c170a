package dev.sluice.query.model;

import dev.sluice.access.UserStatus;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.DataSource;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.Product;
import dev.sluice.product.RequestCounts;
import dev.sluice.product.RequestState;
import dev.sluice.query.model.ApiModel.ProductLine;
import dev.sluice.query.model.ApiModel.ProductView;
import dev.sluice.query.model.ApiModel.RemovedSource;
import dev.sluice.query.model.ApiModel.RequestView;
import dev.sluice.query.model.ApiModel.StageView;
import dev.sluice.query.model.ApiModel.StepView;
import dev.sluice.query.model.ApiModel.SweepView;
import dev.sluice.text.Cut;
import dev.sluice.update.SourceRef;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Converts state of the stages to answers. Pure. */
public final class Views {

  /** Maximum length of a name, in characters. */
  private static final int NAME_MAX = 300;

  private Views() {}

  /** Returns the deactivation of a user; null if the user is not deactivated. */
  public static ApiModel.@Nullable DeactivatedView deactivated(@Nullable UserStatus status) {
    return status == null || status.active()
        ? null
        : new ApiModel.DeactivatedView(
            Instant.ofEpochMilli(status.sinceMs()),
            status.reason(),
            status.eventId(),
            status.pending());
  }

  public static ProductLine line(Product product) {
    return new ProductLine(
        product.productId(),
        shortened(product.details().name(), NAME_MAX),
        product.state(),
        product.revision(),
        product.sources().size(),
        members(product),
        counts(product.requests()));
  }

  /** Returns the beginning of a long text. */
  static String shortened(String text, int max) {
    return Cut.to(text, max);
  }

  public static ProductView product(Product product, List<SweepView> sweeps) {
    var policy = product.policy();
    return new ProductView(
        product.productId(),
        product.details().name(),
        product.details().description(),
        product.details().domains(),
        product.state(),
        instantOrNull(product.history().stateSinceMs()),
        product.revision(),
        product.sources().stream().map(s -> new DataSource(s.sourceId(), s.sourceType())).toList(),
        product.history().removed().stream()
            .map(
                r ->
                    new RemovedSource(
                        r.sourceId(), typeOrNull(r.sourceType()), Instant.ofEpochMilli(r.atMs())))
            .toList(),
        policy == null
            ? List.of()
            : policy.stages().stream().map(stage -> stageOf(stage, null)).toList(),
        policy == null ? null : policy.pendingFor(),
        policy == null ? null : policy.maxDuration(),
        members(product),
        counts(product.requests()),
        !sweeps.isEmpty(),
        sweeps);
  }

  public static long members(Product product) {
    return product.members().perPartition().stream().mapToLong(Long::longValue).sum();
  }

  public static Map<RequestState, Long> counts(RequestCounts counts) {
    var map = new EnumMap<RequestState, Long>(RequestState.class);
    for (var state : RequestState.values()) {
      map.put(state, counts.in(state));
    }
    return map;
  }

  public static RequestView request(String productId, AccessRequest request) {
    var stage = request.currentStage();
    return new RequestView(
        request.requestId(),
        productId,
        request.userId(),
        request.state(),
        stage == null ? null : (Integer) (request.stage() + 1),
        request.stageCount(),
        waitsFor(request),
        Instant.ofEpochMilli(request.requestedAtMs()),
        request.decidedBy(),
        instant(request.decidedAtMs()),
        request.state() == RequestState.PENDING || request.state() == RequestState.LAPSED
            ? instant(request.lapsesAtMs())
            : null,
        instant(request.startsAtMs()),
        instant(request.grantedAtMs()),
        instant(request.expiresAtMs()),
        request.reason(),
        request.history().stream()
            .map(
                step ->
                    new StepView(
                        step.state(),
                        step.stage(),
                        step.by(),
                        Instant.ofEpochMilli(step.atMs()),
                        step.reason()))
            .toList());
  }

  /** Returns the stage that a request waits at; null if the request waits at none. */
  static @Nullable StageView waitsFor(AccessRequest request) {
    var stage = request.currentStage();
    return stage == null ? null : stageOf(stage, request.approvedBy());
  }

  private static StageView stageOf(ApprovalPolicy.Stage stage, @Nullable List<String> approvedBy) {
    return new StageView(
        stage.name(),
        stage.required().stream().map(ApprovalPolicy.Approver::id).toList(),
        stage.approvalsNeeded(),
        approvedBy);
  }

  /**
   * Returns the sources after a cursor.
   *
   * @param after {@code sourceId|sourceType}; an id alone is after all of its types
   */
  public static List<SourceRef> sourcesAfter(SortedSet<SourceRef> sources, String after, int max) {
    var bar = after.indexOf('|');
    var id = bar < 0 ? after : after.substring(0, bar);
    var type = bar < 0 ? "" : after.substring(bar + 1);
    return sources.tailSet(new SourceRef(id, type)).stream()
        .filter(
            source ->
                !source.sourceId().equals(id)
                    || (bar >= 0 && source.sourceType().compareTo(type) > 0))
        .limit(max)
        .toList();
  }

  /** Returns the type; null for an empty one, which means unknown. */
  static @Nullable String typeOrNull(String sourceType) {
    return sourceType.isEmpty() ? null : sourceType;
  }

  public static @Nullable Instant instant(@Nullable Long ms) {
    return ms == null ? null : Instant.ofEpochMilli(ms);
  }

  /** Returns the instant; null for zero, which means unknown. */
  public static @Nullable Instant instantOrNull(long ms) {
    return ms == 0 ? null : Instant.ofEpochMilli(ms);
  }
}
