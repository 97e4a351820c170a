package dev.sluice.query;

import dev.sluice.access.SourceRef;
import dev.sluice.access.Standing;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.Candidate;
import dev.sluice.product.Candidates;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import dev.sluice.query.Answer.Block;
import dev.sluice.query.Answer.ExplainView;
import dev.sluice.query.Answer.ReasonView;
import dev.sluice.query.Answer.RequestReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says whether a user has a source, and the whole reason. Pure. */
final class Explain {

  /** So many products are told. */
  private static final int PRODUCTS_LISTED = 100;

  /** So many of the same are told in a sentence. */
  private static final int SAID = 10;

  /** So long is what somebody wrote in a sentence, in characters. */
  private static final int TEXT_MAX = 300;

  private Explain() {}

  /**
   * Explains.
   *
   * @param sourceType of the source; empty for every type that there is of that id
   * @param all the products that have the source, or had it, with the user's requests
   * @param standings where the user stands in those of them that the user is a member of
   */
  static ExplainView of(
      String userId, String sourceId, String sourceType, Candidates all, List<Standing> standings) {
    var candidates = all.first();
    var byProduct =
        standings.stream().collect(Collectors.toMap(Standing::productId, Function.identity()));
    var reasons =
        candidates.stream()
            .sorted(Comparator.comparing(Candidate::productId).thenComparing(Candidate::sourceType))
            .map(Explain::reason)
            .toList();
    var access = all.gives();
    var spreading = candidates.stream().anyMatch(c -> spreads(c, byProduct));
    var types = sourceType.isEmpty() ? all.types() : List.of(sourceType);
    return new ExplainView(
        userId,
        sourceId,
        types,
        access,
        spreading,
        says(userId, sourceId, types, reasons)
            + (spreading ? " (this has yet to reach the user)" : ""),
        reasons.size() <= PRODUCTS_LISTED
            ? reasons
            : reasons.stream()
                .sorted(Comparator.comparing(r -> !r.gives()))
                .limit(PRODUCTS_LISTED)
                .toList(),
        all.count());
  }

  /** Of several types, each is told apart: having one says nothing about another. */
  private static String says(
      String userId, String sourceId, List<String> types, List<ReasonView> reasons) {
    if (types.size() < 2) {
      return says(userId, sourceId, reasons);
    }
    return types.stream()
        .map(
            type ->
                says(
                    userId,
                    new SourceRef(sourceId, type).toString(),
                    reasons.stream().filter(r -> type.equals(r.sourceType())).toList()))
        .collect(Collectors.joining(". "));
  }

  private static String says(String userId, String source, List<ReasonView> reasons) {
    var access = reasons.stream().anyMatch(ReasonView::gives);
    var why =
        reasons.isEmpty()
            ? "no product has it"
            : listed(
                reasons.stream()
                    .filter(r -> r.gives() == access)
                    .map(r -> r.productId() + ": " + r.says())
                    .toList(),
                "; ");
    return "%s %s %s: %s".formatted(userId, access ? "has" : "does not have", source, why);
  }

  /** Whether what is decided about a product has yet to reach the user. */
  private static boolean spreads(Candidate candidate, Map<String, Standing> standings) {
    var standing = standings.get(candidate.productId());
    var member =
        candidate.state() != ProductState.DELETED
            && candidate.requests().stream().anyMatch(r -> r.state() == RequestState.APPROVED);
    if (standing == null) {
      return member;
    }
    return !member || standing.spreads() || standing.revision() != candidate.revision();
  }

  private static ReasonView reason(Candidate candidate) {
    var requests = candidate.requests().stream().map(Explain::request).toList();
    var approved = candidate.requests().stream().anyMatch(r -> r.state() == RequestState.APPROVED);
    var blocks = new ArrayList<Block>();
    if (candidate.state() == ProductState.SUSPENDED) {
      blocks.add(Block.PRODUCT_SUSPENDED);
    }
    if (candidate.state() == ProductState.DELETED) {
      blocks.add(Block.PRODUCT_DELETED);
    } else {
      if (!candidate.contains()) {
        blocks.add(Block.SOURCE_REMOVED);
      }
      if (candidate.requests().isEmpty()) {
        blocks.add(Block.NOT_REQUESTED);
      } else if (!approved) {
        blocks.add(Block.NOT_APPROVED);
      }
    }
    return new ReasonView(
        candidate.productId(),
        Views.typeOrNull(candidate.sourceType()),
        blocks.isEmpty(),
        blocks,
        candidate.state(),
        Views.instantOrNull(candidate.stateSinceMs()),
        candidate.contains(),
        Views.instant(candidate.removedAtMs()),
        requests,
        candidate.requestCount(),
        candidate.complete(),
        says(candidate, blocks, requests));
  }

  private static String says(
      Candidate candidate, List<Block> blocks, List<RequestReason> requests) {
    var parts = new ArrayList<String>();
    for (var block : blocks) {
      switch (block) {
        case PRODUCT_SUSPENDED -> parts.add("the product is suspended" + since(candidate));
        case PRODUCT_DELETED -> parts.add("the product is deleted" + since(candidate));
        case SOURCE_REMOVED ->
            parts.add("the source was removed at " + Views.instant(candidate.removedAtMs()));
        case NOT_REQUESTED ->
            parts.add(
                candidate.complete()
                    ? "not requested"
                    : "no approved request was found among many");
        case NOT_APPROVED -> {
          // The requests say it.
        }
      }
    }
    var said = parts.size();
    for (var request : requests) {
      if (blocks.contains(Block.NOT_APPROVED) || request.state() == RequestState.APPROVED) {
        parts.add("request " + request.requestId() + " " + request.says());
      }
    }
    var more = candidate.requestCount() - requests.size();
    if (more > 0 && parts.size() > said) {
      parts.add("and " + more + " more requests");
    }
    return String.join(", ", parts);
  }

  /** The first of them, and how many more there are. */
  private static String listed(List<String> texts, String between) {
    var first = texts.stream().limit(SAID).collect(Collectors.joining(between));
    return texts.size() <= SAID
        ? first
        : first + between + "and " + (texts.size() - SAID) + " more";
  }

  private static String since(Candidate candidate) {
    return candidate.stateSinceMs() == 0
        ? ""
        : " since " + Instant.ofEpochMilli(candidate.stateSinceMs());
  }

  private static RequestReason request(AccessRequest request) {
    var stage = request.currentStage();
    return new RequestReason(
        request.requestId(),
        request.state(),
        stage == null ? null : (Integer) (request.stage() + 1),
        Views.stage(stage),
        Views.instant(request.grantedAtMs()),
        Views.instant(request.expiresAtMs()),
        says(request));
  }

  private static String says(AccessRequest request) {
    var until = request.expiresAtMs();
    return switch (request.state()) {
      case PENDING -> waits(request);
      case APPROVED -> "is approved" + (until == null ? "" : " until " + Views.instant(until));
      case DENIED -> "was denied" + decision(request);
      case CANCELED -> "was canceled" + decision(request);
      case REVOKED -> "was revoked" + decision(request);
      case EXPIRED -> "expired on " + Views.instant(until);
    };
  }

  private static String waits(AccessRequest request) {
    var stage = request.currentStage();
    return stage == null
        ? "is pending"
        : "is pending at stage %d with %s"
            .formatted(
                request.stage() + 1,
                listed(stage.required().stream().map(a -> a.id()).toList(), " or "));
  }

  private static String decision(AccessRequest request) {
    return part(" by ", request.decidedBy())
        + part(" at ", Views.instant(request.decidedAtMs()))
        + part(": ", request.reason());
  }

  private static String part(String before, @Nullable Object what) {
    return what == null ? "" : before + Views.shortened(what.toString(), TEXT_MAX);
  }
}
