package dev.sluice.event;

import dev.sluice.limits.SizeLimits;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Counts the elements of an event's lists, and its answers. An element of a few bytes takes dozens
 * of bytes as an object, so a limit on bytes alone does not bound an event's memory. Pure.
 */
public final class Elements {

  private Elements() {}

  /** Returns the number of elements of all lists of a payload together, answers included. */
  public static long of(Payload payload) {
    return switch (payload) {
      case Payload.ProductPublished p ->
          (long) p.domains().size()
              + p.dataSources().size()
              + of(p.approvalPolicy())
              + p.dataUseAgreements().size();
      case Payload.ProductUpdated p ->
          size(p.domains()) + of(p.approvalPolicy()) + size(p.dataUseAgreements());
      case Payload.DataSourcesReplaced p -> p.dataSources().size();
      case Payload.AccessRequested p -> p.answers().size();
      case Payload.ProductSuspended p -> 0;
      case Payload.ProductResumed p -> 0;
      case Payload.ProductDeleted p -> 0;
      case Payload.DeterminationMade p -> 0;
      case Payload.AccessApproved p -> 0;
      case Payload.AccessDenied p -> 0;
      case Payload.AccessRequestCanceled p -> 0;
      case Payload.AccessRevoked p -> 0;
      case Payload.ApproversReplaced p -> p.approvers().size();
    };
  }

  /** Returns the number of agreements, stages and approvers of a policy; 0 without a policy. */
  public static long of(@Nullable ApprovalPolicy policy) {
    return policy == null
        ? 0
        : (long) policy.dataAccessAgreements().size()
            + policy.stages().size()
            + policy.stages().stream().mapToLong(stage -> stage.required().size()).sum();
  }

  /** Returns a description of an event with too many elements; null if it has few enough. */
  public static @Nullable String problem(Payload payload) {
    var count = of(payload);
    return count <= SizeLimits.ELEMENTS
        ? null
        : String.format(
            Locale.ROOT,
            "the event has %,d list elements, at most %,d are taken",
            count,
            SizeLimits.ELEMENTS);
  }

  /** Returns a description of an event whose elements were not counted to the end. */
  public static String tooMany() {
    return String.format(
        Locale.ROOT, "the event has more than %,d list elements", SizeLimits.ELEMENTS);
  }

  private static long size(@Nullable Collection<?> items) {
    return items == null ? 0 : items.size();
  }
}
