package dev.sluice.product;

import dev.sluice.event.ApprovalPolicy;
import dev.sluice.limits.SizeLimits;
import java.util.Collection;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How large the records become that are made of a product or a request: state, statuses and
 * updates. Every size is an upper bound, in bytes, for each of them. It does not change with what
 * grows by itself, counters and members, so it needs to be asked only where an event gives texts.
 * Pure.
 */
public final class RecordSize {

  /** For numbers, what names the schema, and up to four ids of up to three bytes a character. */
  public static final int ENVELOPE = 4 * SizeLimits.ID + 512;

  /** Of the envelope, what a stored request leaves free: it holds two ids. */
  public static final int SPARE = 2 * SizeLimits.ID;

  /** What names the schema, and a stored request's times, states and stage. */
  private static final int NUMBERS = 80;

  /** A step's time, state and stage. */
  private static final int STEP_NUMBERS = 16;

  private RecordSize() {}

  /** What is wrong with a product's size, in words; null when it fits. */
  public static @Nullable String problem(Product product) {
    return problem(
        of(product),
        "product " + EventIds.quoted(product.productId()),
        String.format(Locale.ROOT, "its sources (%,d)", product.sources().size()));
  }

  /** What is wrong with a request's size, in words; null when it fits. */
  static @Nullable String problem(AccessRequest request) {
    return problem(
        of(request),
        "request " + EventIds.quoted(request.requestId()),
        "its policy and the reason");
  }

  /** What is wrong with the size of a product's deletion, in words; null when it fits. */
  static @Nullable String deletionProblem(String productId, String by, @Nullable String reason) {
    return problem(
        ofDecision(by, reason),
        "the deletion of product " + EventIds.quoted(productId),
        "the reason");
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

  /** Of a product, its status, its revisions, its copies and the commands through it. */
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

  /** Of a request and its status. */
  public static long of(AccessRequest r) {
    return policy(r.policy())
        + ofDecision(r.decidedBy(), r.reason())
        + Math.max(0, list(r.passedBy(), RecordSize::text) - SPARE);
  }

  /** Of a request as it is stored, with its history. */
  public static long stored(AccessRequest r) {
    return NUMBERS
        + text(r.requestId())
        + text(r.userId())
        + policy(r.policy())
        + optional(r.decidedBy())
        + optional(r.reason())
        + list(r.passedBy(), RecordSize::text)
        + list(r.history(), s -> STEP_NUMBERS + optional(s.by()) + optional(s.reason()));
  }

  /** Of a deletion, and of the statuses of the requests that it cancels. */
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
            + list(policy.stages(), RecordSize::stage);
  }

  private static long stage(ApprovalPolicy.Stage stage) {
    return optional(stage.name())
        + list(stage.required(), a -> text(a.type()) + text(a.id()) + optional(a.displayName()));
  }

  private static <T> long list(Collection<T> items, ToLongFunction<T> size) {
    return length(items.size()) + 1 + items.stream().mapToLong(size).sum();
  }

  private static long optional(@Nullable String text) {
    return text == null ? 1 : 1 + text(text);
  }

  /** In UTF-8, with its length before it. */
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

  /** Of a number that is not negative: six bits in the first byte, seven in each that follows. */
  private static int length(long number) {
    int bytes = 1;
    for (long rest = number >> 6; rest > 0; rest >>= 7) {
      bytes++;
    }
    return bytes;
  }
}
