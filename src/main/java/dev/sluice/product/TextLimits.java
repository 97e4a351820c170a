package dev.sluice.product;

import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.event.UserPayload;
import dev.sluice.limits.SizeLimits;
import dev.sluice.text.Cut;
import org.jspecify.annotations.Nullable;

/**
 * Cuts texts that have no effect on decisions. No event is rejected for the length of such a text,
 * least of all one that takes access away. Pure.
 */
public final class TextLimits {

  /** Maximum length of a reason, in characters. */
  static final int REASON_MAX = 4_000;

  /** Maximum length of a product's name, in characters. */
  static final int NAME_MAX = 1_000;

  /** Maximum length of a product's description, in characters. */
  static final int DESCRIPTION_MAX = 100_000;

  private TextLimits() {}

  /** Returns the event with long texts cut; the same event if none is too long. */
  public static UserEvent cut(UserEvent e) {
    var payload =
        switch (e.payload()) {
          case UserPayload.UserDeactivated p -> new UserPayload.UserDeactivated(reason(p.reason()));
          case UserPayload.UserReactivated p -> new UserPayload.UserReactivated(reason(p.reason()));
        };
    return new UserEvent(
        e.eventId(),
        e.userId(),
        e.sequence(),
        e.occurredAt(),
        cut(e.actor(), SizeLimits.ID_CHARS),
        payload);
  }

  /** Returns the event with texts that decide nothing cut to their limits. */
  public static ProductEvent cut(ProductEvent e) {
    var actor = cut(e.actor(), SizeLimits.ID_CHARS);
    var payload = cut(e.payload());
    return same(actor, e.actor()) && payload == e.payload()
        ? e
        : new ProductEvent(
            e.eventId(), e.productId(), e.sequence(), e.occurredAt(), actor, payload);
  }

  /**
   * Returns whether only descriptive texts make the event large. The parts that matter for
   * decisions are then bounded in number and length, however large the record is.
   */
  public static boolean isAllThatIsLarge(Payload payload) {
    return switch (payload) {
      case Payload.ProductPublished p -> false;
      case Payload.ProductUpdated p -> false;
      case Payload.DataSourcesReplaced p -> false;
      case Payload.AccessRequested p -> false;
      case Payload.ApproversReplaced p -> false;
      case Payload.ProductSuspended p -> true;
      case Payload.ProductResumed p -> true;
      case Payload.ProductDeleted p -> true;
      case Payload.DeterminationMade p -> true;
      case Payload.AccessApproved p -> true;
      case Payload.AccessDenied p -> true;
      case Payload.AccessRequestCanceled p -> true;
      case Payload.AccessRevoked p -> true;
    };
  }

  private static Payload cut(Payload payload) {
    return switch (payload) {
      case Payload.ProductPublished p -> {
        var name = cut(p.name(), NAME_MAX);
        var description = orNull(p.description(), DESCRIPTION_MAX);
        yield same(name, p.name()) && same(description, p.description())
            ? p
            : new Payload.ProductPublished(
                name,
                description,
                p.domains(),
                p.dataSources(),
                p.approvalPolicy(),
                p.dataUseAgreements(),
                p.subjectMatterExpert());
      }
      case Payload.ProductUpdated p -> {
        var name = orNull(p.name(), NAME_MAX);
        var description = orNull(p.description(), DESCRIPTION_MAX);
        yield same(name, p.name()) && same(description, p.description())
            ? p
            : new Payload.ProductUpdated(
                name,
                description,
                p.domains(),
                p.approvalPolicy(),
                p.dataUseAgreements(),
                p.subjectMatterExpert());
      }
      case Payload.ProductDeleted p -> {
        var reason = reason(p.reason());
        yield same(reason, p.reason()) ? p : new Payload.ProductDeleted(reason);
      }
      case Payload.DeterminationMade p -> {
        var reason = reason(p.reason());
        yield same(reason, p.reason()) ? p : p.withReason(reason);
      }
      case Payload.AccessApproved p -> {
        var by = cut(p.approvedBy(), SizeLimits.ID_CHARS);
        yield same(by, p.approvedBy()) ? p : p.by(by);
      }
      case Payload.AccessDenied p -> {
        var reason = reason(p.reason());
        yield same(reason, p.reason()) ? p : new Payload.AccessDenied(p.requestId(), reason);
      }
      case Payload.AccessRequestCanceled p -> {
        var reason = reason(p.reason());
        yield same(reason, p.reason())
            ? p
            : new Payload.AccessRequestCanceled(p.requestId(), reason);
      }
      case Payload.AccessRevoked p -> {
        var reason = reason(p.reason());
        yield same(reason, p.reason())
            ? p
            : new Payload.AccessRevoked(p.requestId(), p.userId(), reason);
      }
      case Payload.ApproversReplaced p -> {
        var reason = reason(p.reason());
        yield same(reason, p.reason())
            ? p
            : new Payload.ApproversReplaced(p.requestId(), p.stage(), p.approvers(), reason);
      }
      case Payload.DataSourcesReplaced p -> p;
      case Payload.ProductSuspended p -> p;
      case Payload.ProductResumed p -> p;
      case Payload.AccessRequested p -> p;
    };
  }

  /** {@link #cut(String, int)} returns the same object if nothing is cut. */
  @SuppressWarnings({"ReferenceEquality", "StringEquality"})
  private static boolean same(@Nullable String cut, @Nullable String text) {
    return cut == text;
  }

  private static @Nullable String reason(@Nullable String text) {
    return orNull(text, REASON_MAX);
  }

  private static @Nullable String orNull(@Nullable String text, int max) {
    return text == null ? null : cut(text, max);
  }

  private static String cut(String text, int max) {
    return text.length() <= max
        ? text
        : Cut.to(text, max) + " (cut, had " + text.length() + " characters)";
  }
}
