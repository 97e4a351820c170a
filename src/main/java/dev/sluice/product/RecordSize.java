package dev.sluice.product;

import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.Elements;
import dev.sluice.limits.SizeLimits;
import java.util.Collection;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Computes the sizes of the records made of a product or a request: state, statuses and updates.
 * Every size is an upper bound for each of them, in bytes. Counters and members, which grow by
 * themselves, are not included, so sizes are checked only when an event brings texts. Pure.
 */
public final class RecordSize {

  /**
   * Space for numbers, the schema's fingerprint or id, and up to four ids of up to three bytes a
   * character.
   */
  public static final int ENVELOPE = 4 * SizeLimits.ID + 512;

  /** Part of the envelope that a stored request leaves free: a request holds two ids. */
  public static final int SPARE = 2 * SizeLimits.ID;

  /** Space for the schema's fingerprint, and a stored request's times, states and stage. */
  private static final int NUMBERS = 120;

  /** Space for an approval's stage and times. */
  private static final int APPROVAL_NUMBERS = 40;

  /** Space for the number of a stage's approvals. */
  private static final int STAGE_NUMBER = 3;

  /** Space for a step's time, state and stage. */
  private static final int STEP_NUMBERS = 16;

  private RecordSize() {}

  /** Returns a description of a product that is too large; null if it fits. */
  public static @Nullable String problem(Product product) {
    var elements = elements(product);
    if (elements > SizeLimits.ELEMENTS) {
      return String.format(
          Locale.ROOT,
          "product %s would have %,d list elements (sources, domains, agreements, stages,"
              + " approvers); at most %,d fit",
          EventIds.quoted(product.productId()),
          elements,
          SizeLimits.ELEMENTS);
    }
    return problem(
        of(product),
        "product " + EventIds.quoted(product.productId()),
        String.format(Locale.ROOT, "its sources (%,d)", product.sources().size()));
  }

  /**
   * Returns a description of a request that is too large; null if it fits, or is not larger than
   * before: an older version may have accepted it.
   *
   * @param before the request before the change; null for a new one
   */
  static @Nullable String problem(@Nullable AccessRequest before, AccessRequest request) {
    return before != null && of(request) <= of(before)
        ? null
        : problem(
            of(request),
            "request " + EventIds.quoted(request.requestId()),
            "its policy, its approvals and the reason");
  }

  /**
   * Returns a description of a changed product as {@link #problem(Product)}; null if it fits, or is
   * not larger than before: an older version may have accepted it.
   */
  static @Nullable String problem(Product before, Product product) {
    return of(product) <= of(before) && elements(product) <= elements(before)
        ? null
        : problem(product);
  }

  /** Returns a description of a deletion that is too large; null if it fits. */
  static @Nullable String deletionProblem(String productId, String by, @Nullable String reason) {
    return problem(
        ofDecision(by, reason),
        "the deletion of product " + EventIds.quoted(productId),
        "the reason");
  }

  /** Returns the number of elements of all lists of a product together. */
  public static long elements(Product p) {
    return (long) p.sources().size()
        + p.details().domains().size()
        + Elements.of(p.policy())
        + p.agreements().size();
  }

  private static @Nullable String problem(long bytes, String what, String with) {
    return bytes <= SizeLimits.STATE
        ? null
        : String.format(
            Locale.ROOT,
            "%s would be %,d bytes with %s; at most %,d fit",
            what,
            bytes,
            with,
            SizeLimits.STATE);
  }

  /**
   * Returns the size of a product, its status, its revisions, its copies and the commands caused by
   * it.
   */
  public static long of(Product p) {
    return ENVELOPE
        + text(p.details().name())
        + optional(p.details().description())
        + list(p.details().domains(), RecordSize::text)
        + list(p.sources(), s -> text(s.sourceId()) + text(s.sourceType()))
        + policy(p.policy())
        + list(p.agreements(), a -> text(a.id()) + optional(a.name()))
        + (p.details().expert() == null
            ? 1
            : 1 + text(p.details().expert().id()) + optional(p.details().expert().username()));
  }

  /** Returns the size of a request and its status. */
  public static long of(AccessRequest r) {
    return policy(r.policy())
        + ofDecision(r.decidedBy(), r.reason())
        + Math.max(0, approvals(r) - SPARE);
  }

  /** Returns the size of a stored request with its history. */
  public static long stored(AccessRequest r) {
    return NUMBERS
        + text(r.requestId())
        + text(r.userId())
        + policy(r.policy())
        + optional(r.decidedBy())
        + optional(r.reason())
        + approvals(r)
        + list(r.history(), s -> STEP_NUMBERS + optional(s.by()) + optional(s.reason()));
  }

  private static long approvals(AccessRequest r) {
    return list(r.approvals(), a -> APPROVAL_NUMBERS + text(a.approver()) + text(a.eventId()));
  }

  /**
   * Returns the size of a deletion, and of the statuses of the requests that are canceled by it.
   */
  public static long ofDecision(@Nullable String by, @Nullable String reason) {
    return ENVELOPE + optional(by) + optional(reason);
  }

  private static long policy(@Nullable ApprovalPolicy policy) {
    return policy == null
        ? 1
        : 1
            + optional(policy.policyVersion())
            + list(policy.dataAccessAgreements(), RecordSize::text)
            + optional(policy.reason())
            + list(policy.stages(), RecordSize::stage)
            + optional(policy.pendingFor())
            + optional(policy.maxDuration());
  }

  private static long stage(ApprovalPolicy.Stage stage) {
    return STAGE_NUMBER
        + optional(stage.name())
        + list(stage.required(), a -> text(a.type()) + text(a.id()) + optional(a.displayName()));
  }

  private static <T> long list(Collection<T> items, ToLongFunction<T> size) {
    return length(items.size()) + 1 + items.stream().mapToLong(size).sum();
  }

  private static long optional(@Nullable String text) {
    return text == null ? 1 : 1 + text(text);
  }

  /** Returns the size of a text in UTF-8 with its length in front. */
  private static long text(String text) {
    long bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return length(bytes) + bytes;
  }

  /**
   * Returns the size of a number that is not negative: six bits in the first byte, seven in each
   * that follows.
   */
  private static int length(long number) {
    int bytes = 1;
    for (long rest = number >> 6; rest > 0; rest >>= 7) {
      bytes++;
    }
    return bytes;
  }
}
