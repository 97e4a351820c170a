package dev.sluice.product.stage;

import dev.sluice.product.Product;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of one task of the product stage: updated by the task's thread, read by any thread. A
 * deleted product counts only as a product, without its requests and members.
 */
public final class TaskStatistics {
  /** A time that is never reached. */
  static final long NEVER = Long.MAX_VALUE;

  private final AtomicLongArray products = new AtomicLongArray(ProductState.values().length);
  private final AtomicLongArray requests = new AtomicLongArray(RequestState.values().length);
  private final AtomicLong members = new AtomicLong();
  private final AtomicLong nextDueMs = new AtomicLong(NEVER);

  private final AtomicLong lastArrivalMs = new AtomicLong();

  private volatile boolean counting = true;

  /** Creates the statistics of a task whose products are not counted yet. */
  public TaskStatistics() {}

  /** Notes that all products that the task found at its start have been counted. */
  void counted() {
    counting = false;
  }

  /**
   * Returns whether the products that the task found at its start are still being counted. Until
   * then the numbers of products, requests and members are too low.
   */
  public boolean isCounting() {
    return counting;
  }

  /** Counts a changed product; null before it was there. */
  void moved(@Nullable Product before, Product after) {
    if (before != null) {
      add(before, -1);
    }
    add(after, 1);
  }

  private void add(Product product, int sign) {
    add(products, product.state().ordinal(), sign);
    if (product.state() == ProductState.DELETED) {
      return;
    }
    for (var state : RequestState.values()) {
      add(requests, state.ordinal(), sign * product.requests().in(state));
    }
    long count = 0;
    for (var inPartition : product.members().perPartition()) {
      count += inPartition;
    }
    members.setRelease(members.getPlain() + sign * count);
  }

  private static void add(AtomicLongArray counts, int index, long change) {
    counts.setRelease(index, counts.getPlain(index) + change);
  }

  /** Records the arrival time of the task's newest record. */
  void arrived(long ms) {
    lastArrivalMs.setRelease(ms);
  }

  /**
   * Sets the due time of the oldest unprocessed entry; {@link #NEVER} if none is due within the
   * look-ahead window.
   */
  void nextDue(long ms) {
    nextDueMs.setRelease(ms);
  }

  /** Returns the number of products in a state. */
  public long products(ProductState state) {
    return products.getAcquire(state.ordinal());
  }

  /** Returns the number of requests in a state. */
  public long requests(RequestState state) {
    return requests.getAcquire(state.ordinal());
  }

  /** Returns the number of memberships: a user counts once for each product. */
  public long members() {
    return members.getAcquire();
  }

  /**
   * Returns the time of the task's newest record, in milliseconds since the epoch; 0 if there is
   * none.
   */
  public long lastArrivalMs() {
    return lastArrivalMs.getAcquire();
  }

  /**
   * Returns the approximate due time of the oldest unprocessed entry, past or soon, in milliseconds
   * since the epoch; {@link Long#MAX_VALUE} if nothing is due soon. Valid also while the task
   * hangs.
   */
  public long nextDueMs() {
    return nextDueMs.getAcquire();
  }
}
