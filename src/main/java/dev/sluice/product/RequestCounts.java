package dev.sluice.product;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Numbers of a product's requests by state. Immutable. */
public final class RequestCounts {

  /** No requests. */
  public static final RequestCounts NONE =
      new RequestCounts(new long[RequestState.values().length]);

  /** The number of each state, by its ordinal. */
  private final long[] counts;

  private RequestCounts(long[] counts) {
    this.counts = counts;
  }

  /** Creates counts from a map; a missing state counts zero. */
  public static RequestCounts of(Map<RequestState, Long> counts) {
    var copy = NONE.counts.clone();
    counts.forEach((state, count) -> copy[state.ordinal()] = count);
    return new RequestCounts(copy);
  }

  /** Returns the number of requests in a state. */
  public long in(RequestState state) {
    return counts[state.ordinal()];
  }

  /** Returns the number of all requests ever made. */
  public long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  /**
   * Returns the counts after one request changed its state.
   *
   * @param from the previous state; null for a new request
   * @throws IllegalStateException if no request was counted in that state
   */
  public RequestCounts moved(@Nullable RequestState from, RequestState to) {
    var copy = counts.clone();
    if (from != null && --copy[from.ordinal()] < 0) {
      throw new IllegalStateException("no request counted as " + from);
    }
    copy[to.ordinal()]++;
    return new RequestCounts(copy);
  }

  /** Returns the counts after all requests in one state changed to another. */
  public RequestCounts movedAll(RequestState from, RequestState to) {
    var copy = counts.clone();
    copy[to.ordinal()] += copy[from.ordinal()];
    copy[from.ordinal()] = 0;
    return new RequestCounts(copy);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RequestCounts that && Arrays.equals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return Stream.of(RequestState.values())
        .filter(state -> in(state) != 0)
        .map(state -> state + "=" + in(state))
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
