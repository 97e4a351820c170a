package dev.sluice.product;

import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Decides the changes that passing time makes to a request. Pure. */
public final class ExpiryDecider {
  private final ExpirySchedule expirySchedule;
  private final ToIntFunction<String> partitionOf;

  public ExpiryDecider(ExpirySchedule expirySchedule, ToIntFunction<String> partitionOf) {
    this.expirySchedule = expirySchedule;
    this.partitionOf = partitionOf;
  }

  /** Returns the synthetic trigger for a change by time. */
  public static Trigger cause(AccessRequest request, Due.Kind kind, long nowMs) {
    var id = request.requestId();
    return switch (kind) {
      case LAPSE -> new Trigger("lapse:" + id, orElse(request.lapsesAtMs(), nowMs));
      case START -> new Trigger("start:" + id, orElse(request.startsAtMs(), nowMs));
      case EXPIRY -> new Trigger("expiry:" + id, orElse(request.expiresAtMs(), nowMs));
      case SOON, VERY_SOON -> new Trigger("expiry:" + id, nowMs);
    };
  }

  private static long orElse(@Nullable Long ms, long otherMs) {
    return ms == null ? otherMs : ms;
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
    var decisionBuilder =
        new DecisionBuilder(product, requests, cause(request, kind, nowMs), partitionOf);
    var changed =
        switch (kind) {
          case LAPSE -> lapse(request, nowMs, decisionBuilder);
          case START -> start(request, nowMs, decisionBuilder);
          case EXPIRY -> expire(request, nowMs, decisionBuilder);
          case SOON, VERY_SOON -> warn(request, kind, nowMs, decisionBuilder);
        };
    return changed ? decisionBuilder.applied() : null;
  }

  private static boolean lapse(AccessRequest request, long nowMs, DecisionBuilder decisionBuilder) {
    var at = request.lapsesAtMs();
    if (request.state() != RequestState.PENDING || at == null || at > nowMs) {
      return false;
    }
    decisionBuilder.move(request, request.decided(RequestState.LAPSED, null, at, null));
    return true;
  }

  private static boolean start(AccessRequest request, long nowMs, DecisionBuilder decisionBuilder) {
    var at = request.startsAtMs();
    if (request.state() != RequestState.SCHEDULED || at == null || at > nowMs) {
      return false;
    }
    var end = request.expiresAtMs();
    if (end != null && end <= nowMs) { // no worker ran between start and end
      decisionBuilder.move(request, request.decided(RequestState.EXPIRED, null, end, null));
    } else {
      decisionBuilder.approve(request, request.started(at, nowMs));
    }
    return true;
  }

  private static boolean expire(
      AccessRequest request, long nowMs, DecisionBuilder decisionBuilder) {
    var at = request.expiresAtMs();
    if (request.state() != RequestState.APPROVED || at == null || at > nowMs) {
      return false;
    }
    decisionBuilder.end(
        request.userId(),
        List.of(request),
        r -> r.decided(RequestState.EXPIRED, null, at, null),
        CommandReason.ACCESS_EXPIRED);
    return true;
  }

  private boolean warn(
      AccessRequest request, Due.Kind kind, long nowMs, DecisionBuilder decisionBuilder) {
    if (request.state() != RequestState.APPROVED) {
      return false;
    }
    var expiryNotice = expirySchedule.notice(request, kind, nowMs);
    if (expiryNotice == null) {
      return false;
    }
    decisionBuilder.notice(request, expiryNotice);
    return true;
  }
}
