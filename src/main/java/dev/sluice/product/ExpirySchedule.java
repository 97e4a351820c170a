package dev.sluice.product;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes the times at which a request changes: the lapse of a pending one, the start and the end
 * of its access, and the warnings before the end. Warnings are only for access that is longer than
 * the warning time. Pure.
 *
 * @param soonMs time of the first warning before the end, in milliseconds; 0 for none
 * @param verySoonMs time of the second warning before the end, in milliseconds; 0 for none
 */
public record ExpirySchedule(long soonMs, long verySoonMs) {

  /** Seven days, and one day. */
  public static final ExpirySchedule DEFAULT = new ExpirySchedule(604_800_000L, 86_400_000L);

  /** Checks that both times are at least 0. */
  public ExpirySchedule {
    if (soonMs < 0 || verySoonMs < 0) {
      throw new IllegalArgumentException("negative: " + soonMs + ", " + verySoonMs);
    }
  }

  /** Returns the changes of a request that are still to come, in no order. */
  public List<Due> of(AccessRequest request) {
    var lapsesAt = request.lapsesAtMs();
    if (request.state() == RequestState.PENDING && lapsesAt != null) {
      return List.of(new Due(notNegative(lapsesAt), Due.Kind.LAPSE));
    }
    var startsAt = request.startsAtMs();
    if (request.state() == RequestState.SCHEDULED && startsAt != null) {
      return List.of(new Due(startsAt, Due.Kind.START));
    }
    var expiresAt = request.expiresAtMs();
    if (request.state() != RequestState.APPROVED || expiresAt == null) {
      return List.of();
    }
    var due = new ArrayList<Due>(3);
    due.add(new Due(expiresAt, Due.Kind.EXPIRY));
    if (request.noticed() == null && warns(request, expiresAt, soonMs)) {
      due.add(new Due(expiresAt - soonMs, Due.Kind.SOON));
    }
    if (request.noticed() != ExpiryNotice.EXPIRES_VERY_SOON
        && warns(request, expiresAt, verySoonMs)) {
      due.add(new Due(expiresAt - verySoonMs, Due.Kind.VERY_SOON));
    }
    return due;
  }

  /** Returns the warning that a due entry stands for now; null if the entry has become void. */
  @Nullable ExpiryNotice notice(AccessRequest request, Due.Kind kind, long nowMs) {
    var expiresAt = request.expiresAtMs();
    if (expiresAt == null || nowMs >= expiresAt) {
      return null;
    }
    var due = of(request).stream().filter(d -> d.atMs() <= nowMs).map(Due::kind).toList();
    if (!due.contains(kind)) {
      return null;
    }
    if (kind == Due.Kind.VERY_SOON) {
      return ExpiryNotice.EXPIRES_VERY_SOON;
    }
    // After a long stop both warnings are due: then only the urgent one is given.
    return kind == Due.Kind.SOON && !due.contains(Due.Kind.VERY_SOON)
        ? ExpiryNotice.EXPIRES_SOON
        : null;
  }

  /** A time before 1970 is due like 1970: the index has no place before. */
  private static long notNegative(long atMs) {
    return Math.max(0, atMs);
  }

  private static boolean warns(AccessRequest request, long expiresAtMs, long beforeMs) {
    var since = request.grantedAtMs();
    var at = expiresAtMs - beforeMs;
    return beforeMs > 0 && at >= 0 && since != null && since < at;
  }
}
