package dev.sluice.dev.demo;

import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.DataSource;
import dev.sluice.event.Event;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.event.UserPayload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Describes an event in a sentence. */
final class Sentences {

  private Sentences() {}

  static String of(Event event) {
    return switch (event) {
      case ProductEvent e -> of(e);
      case UserEvent e ->
          e.userId()
              + (e.payload() instanceof UserPayload.UserDeactivated
                  ? " is deactivated"
                  : " is active again")
              + because(e.payload().reason());
    };
  }

  private static String of(ProductEvent event) {
    var product = event.productId();
    return switch (event.payload()) {
      case Payload.ProductPublished p ->
          "Product " + product + " is published with " + sources(p.dataSources()) + ".";
      case Payload.ProductUpdated p -> "Details of " + product + " change.";
      case Payload.DataSourcesReplaced p ->
          "The sources of " + product + " are now " + sources(p.dataSources()) + ".";
      case Payload.ProductSuspended p -> product + " is suspended" + because(p.reason());
      case Payload.ProductResumed p -> product + " is resumed" + because(p.reason());
      case Payload.ProductDeleted p -> product + " is deleted" + because(p.reason());
      case Payload.AccessRequested p -> p.userId() + " asks for " + product + ".";
      case Payload.DeterminationMade p ->
          "%s says %s to request %s for %s%s."
              .formatted(
                  p.approver(),
                  p.decision(),
                  p.requestId(),
                  product,
                  times(p.startsAt(), p.grantedFor(), p.expiresAt()));
      case Payload.AccessApproved p ->
          "%s is approved for %s by %s%s."
              .formatted(
                  p.userId(),
                  product,
                  p.approvedBy(),
                  times(p.startsAt(), p.grantedFor(), p.expiresAt()));
      case Payload.ApproversReplaced p ->
          "The approvers of request %s for %s are now %s%s"
              .formatted(
                  p.requestId(),
                  product,
                  p.approvers().stream()
                      .map(ApprovalPolicy.Approver::id)
                      .collect(Collectors.joining(", ")),
                  because(p.reason()));
      case Payload.AccessDenied p ->
          "Request %s for %s is denied%s".formatted(p.requestId(), product, because(p.reason()));
      case Payload.AccessRequestCanceled p ->
          "Request %s for %s is taken back%s"
              .formatted(p.requestId(), product, because(p.reason()));
      case Payload.AccessRevoked p ->
          "%s's access through %s is revoked%s".formatted(p.userId(), product, because(p.reason()));
    };
  }

  private static String times(
      @Nullable Instant startsAt, @Nullable String grantedFor, @Nullable Instant expiresAt) {
    return (startsAt == null ? "" : ", from " + startsAt.truncatedTo(ChronoUnit.SECONDS))
        + (grantedFor == null ? "" : ", for " + grantedFor)
        + (expiresAt == null ? "" : ", until " + expiresAt.truncatedTo(ChronoUnit.SECONDS));
  }

  private static String because(@Nullable String reason) {
    return reason == null ? "." : ": " + reason + ".";
  }

  private static String sources(List<DataSource> sources) {
    return sources.isEmpty()
        ? "no sources"
        : sources.stream().map(DataSource::sourceId).collect(Collectors.joining(", "));
  }
}
