package dev.sluice.product;

import dev.sluice.access.AccessUpdate.Cause;
import dev.sluice.access.CommandReason;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What passing time does to a request. Pure. */
final class ExpiryDecider {
  private static final String CAUSE = "expiry:";

  private final Schedule schedule;
  private final ToIntFunction<String> partitionOf;

  ExpiryDecider(Schedule schedule, ToIntFunction<String> partitionOf) {
    this.schedule = schedule;
    this.partitionOf = partitionOf;
  }

  /** The cause of what happens to a request by time alone: its end, or a warning now. */
  static Cause cause(AccessRequest request, Due.Kind kind, long nowMs) {
    var end = request.expiresAtMs();
    return new Cause(
        CAUSE + request.requestId(), kind == Due.Kind.EXPIRY && end != null ? end : nowMs);
  }

  /**
   * Decides one due entry.
   *
   * @param requests the product's requests
   * @param nowMs what time it is, in milliseconds since the epoch
   * @return null when the entry has become void
   */
  Decision.@Nullable Applied decide(
      Product product, Requests requests, AccessRequest request, Due.Kind kind, long nowMs) {
    var expiresAt = request.expiresAtMs();
    if (request.state() != RequestState.APPROVED || expiresAt == null) {
      return null;
    }
    if (kind == Due.Kind.EXPIRY) {
      if (expiresAt > nowMs) {
        return null;
      }
      var changes = new Changes(product, requests, cause(request, kind, nowMs), partitionOf);
      changes.end(
          request.userId(),
          List.of(request),
          r -> r.decided(RequestState.EXPIRED, null, expiresAt, null),
          CommandReason.ACCESS_EXPIRED);
      return changes.applied();
    }
    var notice = schedule.notice(request, kind, nowMs);
    if (notice == null) {
      return null;
    }
    var changes = new Changes(product, requests, cause(request, kind, nowMs), partitionOf);
    changes.notice(request, notice);
    return changes.applied();
  }
}
