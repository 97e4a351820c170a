package dev.sluice.product;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many requests of a product stand where. Immutable. */
public final class RequestCounts {

  /** No requests at all. */
  public static final RequestCounts NONE = new RequestCounts(new EnumMap<>(RequestState.class));

  private final EnumMap<RequestState, Long> counts;

  private RequestCounts(EnumMap<RequestState, Long> counts) {
    this.counts = counts;
  }

  /** Counts as given; a state that is missing counts zero. */
  public static RequestCounts of(Map<RequestState, Long> counts) {
    var copy = new EnumMap<RequestState, Long>(RequestState.class);
    counts.forEach(
        (state, count) -> {
          if (count != 0) {
            copy.put(state, count);
          }
        });
    return new RequestCounts(copy);
  }

  /** The requests in this state. */
  public long in(RequestState state) {
    return counts.getOrDefault(state, 0L);
  }

  /** All requests ever made. */
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The counts after one request moved.
   *
   * @param from the state it left; null for a new request
   * @throws IllegalStateException when no request was counted in that state
   */
  public RequestCounts moved(@Nullable RequestState from, RequestState to) {
    var copy = new EnumMap<>(counts);
    if (from != null && copy.merge(from, -1L, Long::sum) < 0) {
      throw new IllegalStateException("no request counted as " + from);
    }
    copy.merge(to, 1L, Long::sum);
    return of(copy);
  }

  /** The counts after all requests in one state moved to another. */
  public RequestCounts movedAll(RequestState from, RequestState to) {
    var copy = new EnumMap<>(counts);
    var moved = copy.remove(from);
    if (moved != null) {
      copy.merge(to, moved, Long::sum);
    }
    return new RequestCounts(copy);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RequestCounts that && counts.equals(that.counts);
  }

  @Override
  public int hashCode() {
    return counts.hashCode();
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
