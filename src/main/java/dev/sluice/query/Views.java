package dev.sluice.query;

import dev.sluice.access.SourceRef;
import dev.sluice.access.Standing;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.DataSource;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.Product;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestCounts;
import dev.sluice.product.RequestState;
import dev.sluice.query.Answer.AccessView;
import dev.sluice.query.Answer.Approval;
import dev.sluice.query.Answer.GivenBy;
import dev.sluice.query.Answer.ProductLine;
import dev.sluice.query.Answer.ProductView;
import dev.sluice.query.Answer.RemovedSource;
import dev.sluice.query.Answer.RequestView;
import dev.sluice.query.Answer.StageView;
import dev.sluice.query.Answer.StepView;
import dev.sluice.query.Answer.SweepView;
import dev.sluice.text.Cut;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes answers of what the stages know. Pure. */
final class Views {

  /** So many products that give the same are told. */
  static final int GIVERS_LISTED = 20;

  /** A name is told as long as this, in characters. */
  private static final int NAME_MAX = 300;

  private Views() {}

  static ProductLine line(Product product) {
    return new ProductLine(
        product.productId(),
        shortened(product.details().name(), NAME_MAX),
        product.state(),
        product.revision(),
        product.sources().size(),
        members(product),
        counts(product.requests()));
  }

  /** The first of a text, where it is long. */
  static String shortened(String text, int max) {
    return Cut.to(text, max);
  }

  static ProductView product(Product product, List<SweepView> sweeps) {
    var policy = product.policy();
    return new ProductView(
        product.productId(),
        product.details().name(),
        product.details().description(),
        product.details().domains(),
        product.state(),
        instantOrNull(product.past().stateSinceMs()),
        product.revision(),
        product.sources().stream().map(s -> new DataSource(s.sourceId(), s.sourceType())).toList(),
        product.past().removed().stream()
            .map(
                r ->
                    new RemovedSource(
                        r.sourceId(), typeOrNull(r.sourceType()), Instant.ofEpochMilli(r.atMs())))
            .toList(),
        policy == null ? List.of() : policy.stages().stream().map(Views::stageOf).toList(),
        members(product),
        counts(product.requests()),
        !sweeps.isEmpty(),
        sweeps);
  }

  static long members(Product product) {
    return product.members().perPartition().stream().mapToLong(Long::longValue).sum();
  }

  static Map<RequestState, Long> counts(RequestCounts counts) {
    var map = new EnumMap<RequestState, Long>(RequestState.class);
    for (var state : RequestState.values()) {
      map.put(state, counts.in(state));
    }
    return map;
  }

  static RequestView request(String productId, AccessRequest request) {
    var stage = request.currentStage();
    return new RequestView(
        request.requestId(),
        productId,
        request.userId(),
        request.state(),
        stage == null ? null : (Integer) (request.stage() + 1),
        request.stageCount(),
        stage(stage),
        Instant.ofEpochMilli(request.requestedAtMs()),
        request.decidedBy(),
        instant(request.decidedAtMs()),
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

  static @Nullable StageView stage(ApprovalPolicy.@Nullable Stage stage) {
    return stage == null ? null : stageOf(stage);
  }

  private static StageView stageOf(ApprovalPolicy.Stage stage) {
    return new StageView(
        stage.name(), stage.required().stream().map(ApprovalPolicy.Approver::id).toList());
  }

  /**
   * What a user has, by sourceId and type.
   *
   * @param givings the products that the user is a member of, as they are decided
   * @param standings where the user stands
   */
  static List<AccessView> access(List<Giving> givings, List<Standing> standings) {
    var byProduct = new HashMap<String, Standing>();
    standings.forEach(s -> byProduct.put(s.productId(), s));
    var givers = new TreeMap<SourceRef, List<GivenBy>>();
    var spreading = new HashSet<SourceRef>();
    givings.stream()
        .sorted(java.util.Comparator.comparing(giving -> giving.product().productId()))
        .forEach(
            giving -> {
              var product = giving.product();
              var standing = byProduct.get(product.productId());
              if (product.state() != ProductState.ACTIVE || giving.approved().isEmpty()) {
                return;
              }
              var by =
                  new GivenBy(
                      product.productId(),
                      giving.approved().stream()
                          .map(
                              r ->
                                  new Approval(
                                      r.requestId(), instant(r.sinceMs()), instant(r.untilMs())))
                          .toList(),
                      giving.approvedCount());
              var spreads =
                  standing == null
                      || standing.spreads()
                      || standing.revision() != product.revision();
              product
                  .sources()
                  .forEach(
                      source -> {
                        givers.computeIfAbsent(source, s -> new ArrayList<>()).add(by);
                        if (spreads) {
                          spreading.add(source);
                        }
                      });
            });
    var views = new ArrayList<AccessView>();
    givers.forEach(
        (source, by) ->
            views.add(
                new AccessView(
                    source.sourceId(),
                    source.sourceType(),
                    spreading.contains(source),
                    by.stream().limit(GIVERS_LISTED).toList(),
                    by.size())));
    return views;
  }

  /** Where an empty one means that it is not known. */
  static @Nullable String typeOrNull(String sourceType) {
    return sourceType.isEmpty() ? null : sourceType;
  }

  static @Nullable Instant instant(@Nullable Long ms) {
    return ms == null ? null : Instant.ofEpochMilli(ms);
  }

  /** Where zero means that it is not known. */
  static @Nullable Instant instantOrNull(long ms) {
    return ms == 0 ? null : Instant.ofEpochMilli(ms);
  }
}
