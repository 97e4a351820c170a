package dev.sluice.query.model;

import dev.sluice.access.MembershipStatus;
import dev.sluice.access.UserStatus;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.ExplainedProduct;
import dev.sluice.product.ExplainedProducts;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import dev.sluice.query.model.ApiModel.Block;
import dev.sluice.query.model.ApiModel.DeactivatedView;
import dev.sluice.query.model.ApiModel.ExplainView;
import dev.sluice.query.model.ApiModel.ReasonView;
import dev.sluice.query.model.ApiModel.RequestReason;
import dev.sluice.update.SourceRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Explains why a user has, or does not have, access to a source. Pure. */
public final class Explain {

  /** Maximum number of products listed. */
  private static final int PRODUCTS_LISTED = 100;

  /** Maximum number of similar items named in a sentence. */
  private static final int LISTED_MAX = 10;

  /** Maximum length of user-written text in a sentence, in characters. */
  private static final int TEXT_MAX = 300;

  private Explain() {}

  /**
   * Builds the explanation.
   *
   * @param sourceType type of the source; empty for all types of the id
   * @param all the products that contain or contained the source, with the user's requests
   * @param membershipStatuses the user's status in those products of which the user is a member
   * @param userStatus the user's status; null for a user who was not deactivated
   */
  public static ExplainView of(
      String userId,
      String sourceId,
      String sourceType,
      ExplainedProducts all,
      List<MembershipStatus> membershipStatuses,
      @Nullable UserStatus userStatus) {
    var deactivated = Views.deactivated(userStatus);
    var explainedProducts = all.first();
    var byProduct =
        membershipStatuses.stream()
            .collect(Collectors.toMap(MembershipStatus::productId, Function.identity()));
    var reasons =
        explainedProducts.stream()
            .sorted(
                Comparator.comparing(ExplainedProduct::productId)
                    .thenComparing(ExplainedProduct::sourceType))
            .map(each -> reason(each, deactivated))
            .toList();
    var access = all.gives() && deactivated == null;
    var spreading =
        (userStatus != null && userStatus.pending())
            || explainedProducts.stream().anyMatch(c -> isPending(c, byProduct));
    var types = sourceType.isEmpty() ? all.types() : List.of(sourceType);
    return new ExplainView(
        userId,
        sourceId,
        types,
        access,
        spreading,
        text(userId, sourceId, types, reasons, deactivated)
            + (spreading ? " (commands for this change are still pending)" : ""),
        deactivated,
        reasons.size() <= PRODUCTS_LISTED
            ? reasons
            : reasons.stream()
                .sorted(Comparator.comparing(r -> !r.gives()))
                .limit(PRODUCTS_LISTED)
                .toList(),
        all.count(),
        null);
  }

  /** Types are reported separately: access under one says nothing about another. */
  private static String text(
      String userId,
      String sourceId,
      List<String> types,
      List<ReasonView> reasons,
      @Nullable DeactivatedView deactivated) {
    if (deactivated != null) {
      var sources =
          types.size() < 2
              ? List.of(sourceId)
              : types.stream().map(type -> new SourceRef(sourceId, type).toString()).toList();
      return sources.stream()
          .map(source -> "%s does not have %s: %s".formatted(userId, source, says(deactivated)))
          .collect(Collectors.joining(". "));
    }
    if (types.size() < 2) {
      return text(userId, sourceId, reasons);
    }
    return types.stream()
        .map(
            type ->
                text(
                    userId,
                    new SourceRef(sourceId, type).toString(),
                    reasons.stream().filter(r -> type.equals(r.sourceType())).toList()))
        .collect(Collectors.joining(". "));
  }

  private static String text(String userId, String source, List<ReasonView> reasons) {
    var access = reasons.stream().anyMatch(ReasonView::gives);
    var why =
        reasons.isEmpty()
            ? "no product contains this source"
            : listed(
                reasons.stream()
                    .filter(r -> r.gives() == access)
                    .map(r -> r.productId() + ": " + r.says())
                    .toList(),
                "; ");
    return "%s %s %s: %s".formatted(userId, access ? "has" : "does not have", source, why);
  }

  /** Returns whether commands for the decision about a product are still pending. */
  private static boolean isPending(
      ExplainedProduct explainedProduct, Map<String, MembershipStatus> membershipStatuses) {
    var membershipStatus = membershipStatuses.get(explainedProduct.productId());
    var member =
        explainedProduct.state() != ProductState.DELETED
            && explainedProduct.requests().stream()
                .anyMatch(r -> r.state() == RequestState.APPROVED);
    if (membershipStatus == null) {
      return member;
    }
    return !member
        || membershipStatus.isPending()
        || membershipStatus.revision() != explainedProduct.revision();
  }

  private static String says(DeactivatedView deactivated) {
    return "the user is deactivated since "
        + deactivated.since()
        + part(": ", deactivated.reason());
  }

  private static ReasonView reason(
      ExplainedProduct explainedProduct, @Nullable DeactivatedView deactivated) {
    var requests = explainedProduct.requests().stream().map(Explain::request).toList();
    var approved =
        explainedProduct.requests().stream().anyMatch(r -> r.state() == RequestState.APPROVED);
    var blocks = new ArrayList<Block>();
    if (deactivated != null) {
      blocks.add(Block.USER_DEACTIVATED);
    }
    if (explainedProduct.state() == ProductState.SUSPENDED) {
      blocks.add(Block.PRODUCT_SUSPENDED);
    }
    if (explainedProduct.state() == ProductState.DELETED) {
      blocks.add(Block.PRODUCT_DELETED);
    } else {
      if (!explainedProduct.contains()) {
        blocks.add(Block.SOURCE_REMOVED);
      }
      if (explainedProduct.requests().isEmpty()) {
        blocks.add(Block.NOT_REQUESTED);
      } else if (!approved) {
        blocks.add(Block.NOT_APPROVED);
      }
    }
    return new ReasonView(
        explainedProduct.productId(),
        Views.typeOrNull(explainedProduct.sourceType()),
        blocks.isEmpty(),
        blocks,
        explainedProduct.state(),
        Views.instantOrNull(explainedProduct.stateSinceMs()),
        explainedProduct.contains(),
        Views.instant(explainedProduct.removedAtMs()),
        requests,
        explainedProduct.requestCount(),
        explainedProduct.complete(),
        text(explainedProduct, blocks, requests));
  }

  private static String text(
      ExplainedProduct explainedProduct, List<Block> blocks, List<RequestReason> requests) {
    var parts = new ArrayList<String>();
    for (var block : blocks) {
      switch (block) {
        case USER_DEACTIVATED -> parts.add("the user is deactivated");
        case PRODUCT_SUSPENDED -> parts.add("the product is suspended" + since(explainedProduct));
        case PRODUCT_DELETED -> parts.add("the product is deleted" + since(explainedProduct));
        case SOURCE_REMOVED ->
            parts.add("the source was removed at " + Views.instant(explainedProduct.removedAtMs()));
        case NOT_REQUESTED ->
            parts.add(
                explainedProduct.complete()
                    ? "not requested"
                    : "no approved request was found among a large number");
        case NOT_APPROVED -> {
          // The requests contain the reason.
        }
      }
    }
    var listed = parts.size();
    for (var request : requests) {
      if (blocks.contains(Block.NOT_APPROVED) || request.state() == RequestState.APPROVED) {
        parts.add("request " + request.requestId() + " " + request.says());
      }
    }
    var more = explainedProduct.requestCount() - requests.size();
    if (more > 0 && parts.size() > listed) {
      parts.add("and " + more + " more requests");
    }
    return String.join(", ", parts);
  }

  /** Returns the first texts and the number of the rest. */
  private static String listed(List<String> texts, String between) {
    var first = texts.stream().limit(LISTED_MAX).collect(Collectors.joining(between));
    return texts.size() <= LISTED_MAX
        ? first
        : first + between + "and " + (texts.size() - LISTED_MAX) + " more";
  }

  private static String since(ExplainedProduct explainedProduct) {
    return explainedProduct.stateSinceMs() == 0
        ? ""
        : " since " + Instant.ofEpochMilli(explainedProduct.stateSinceMs());
  }

  private static RequestReason request(AccessRequest request) {
    var stage = request.currentStage();
    return new RequestReason(
        request.requestId(),
        request.state(),
        stage == null ? null : (Integer) (request.stage() + 1),
        Views.waitsFor(request),
        Views.instant(request.grantedAtMs()),
        Views.instant(request.expiresAtMs()),
        text(request));
  }

  private static String text(AccessRequest request) {
    var until = request.expiresAtMs();
    return switch (request.state()) {
      case PENDING -> waits(request);
      case APPROVED -> "is approved" + (until == null ? "" : " until " + Views.instant(until));
      case DENIED -> "was denied" + decision(request);
      case CANCELED -> "was canceled" + decision(request);
      case REVOKED -> "was revoked" + decision(request);
      case EXPIRED -> "expired on " + Views.instant(until);
      case LAPSED -> "lapsed at " + Views.instant(request.lapsesAtMs()) + " without a decision";
      case SCHEDULED ->
          "is approved from "
              + Views.instant(request.startsAtMs())
              + (until == null ? "" : " until " + Views.instant(until));
    };
  }

  private static String waits(AccessRequest request) {
    var stage = request.currentStage();
    var lapses = part(", and lapses at ", Views.instant(request.lapsesAtMs()));
    if (stage == null) {
      return "is pending" + lapses;
    }
    var by = request.approvedBy();
    return "is pending at stage %d with %s%s%s"
        .formatted(
            request.stage() + 1,
            listed(request.pendingApprovers(), " or "),
            stage.approvalsNeeded() == 1
                ? ""
                : ": %d of %d approvals%s"
                    .formatted(
                        by.size(),
                        stage.approvalsNeeded(),
                        by.isEmpty() ? "" : ", by " + listed(by, " and ")),
            lapses);
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
