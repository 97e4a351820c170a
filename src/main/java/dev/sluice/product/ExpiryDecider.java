package dev.sluice.product;

import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Decides the changes that passing time makes to a request. Pure. */
public final class ExpiryDecider {
  private static final String CAUSE = "expiry:";

  private final ExpirySchedule expirySchedule;
  private final ToIntFunction<String> partitionOf;

  public ExpiryDecider(ExpirySchedule expirySchedule, ToIntFunction<String> partitionOf) {
    this.expirySchedule = expirySchedule;
    this.partitionOf = partitionOf;
  }

  /** Returns the synthetic trigger for an expiry or an expiry notice. */
  public static Trigger cause(AccessRequest request, Due.Kind kind, long nowMs) {
    var end = request.expiresAtMs();
    return new Trigger(
        CAUSE + request.requestId(), kind == Due.Kind.EXPIRY && end != null ? end : nowMs);
  }

  /**
   * Decides one due entry.
   *
   * @param requests the product's requests
   * @param nowMs the current time, in milliseconds since the epoch
   * @return null if the entry has become void
   */
  public Decision.@Nullable Applied decide(
      Product product, Requests requests, AccessRequest request, Due.Kind kind, long nowMs) {
    var expiresAt = request.expiresAtMs();
    if (request.state() != RequestState.APPROVED || expiresAt == null) {
      return null;
    }
    if (kind == Due.Kind.EXPIRY) {
      if (expiresAt > nowMs) {
        return null;
      }
      var decisionBuilder =
          new DecisionBuilder(product, requests, cause(request, kind, nowMs), partitionOf);
      decisionBuilder.end(
          request.userId(),
          List.of(request),
          r -> r.decided(RequestState.EXPIRED, null, expiresAt, null),
          CommandReason.ACCESS_EXPIRED);
      return decisionBuilder.applied();
    }
    var expiryNotice = expirySchedule.notice(request, kind, nowMs);
    if (expiryNotice == null) {
      return null;
    }
    var decisionBuilder =
        new DecisionBuilder(product, requests, cause(request, kind, nowMs), partitionOf);
    decisionBuilder.notice(request, expiryNotice);
    return decisionBuilder.applied();
  }
}
