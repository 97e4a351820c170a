package dev.sluice.product;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers of a product's requests by state. Immutable. */
public final class RequestCounts {

  /** No requests. */
  public static final RequestCounts NONE = new RequestCounts(new EnumMap<>(RequestState.class));

  private final EnumMap<RequestState, Long> counts;

  private RequestCounts(EnumMap<RequestState, Long> counts) {
    this.counts = counts;
  }

  /** Creates counts from a map; a missing state counts zero. */
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

  /** Returns the number of requests in a state. */
  public long in(RequestState state) {
    return counts.getOrDefault(state, 0L);
  }

  /** Returns the number of all requests ever made. */
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Returns the counts after one request changed its state.
   *
   * @param from the previous state; null for a new request
   * @throws IllegalStateException if no request was counted in that state
   */
  public RequestCounts moved(@Nullable RequestState from, RequestState to) {
    var copy = new EnumMap<>(counts);
    if (from != null && copy.merge(from, -1L, Long::sum) < 0) {
      throw new IllegalStateException("no request counted as " + from);
    }
    copy.merge(to, 1L, Long::sum);
    return of(copy);
  }

  /** Returns the counts after all requests in one state changed to another. */
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
