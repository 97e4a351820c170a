package dev.sluice.product.stage;

import dev.sluice.product.Product;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What one task of the product stage holds, in numbers: kept in step by its thread, read by any.
 * What a deleted product had is not counted, but for the product itself.
 */
public final class TaskStatistics {
  /** A time that does not come. */
  static final long NEVER = Long.MAX_VALUE;

  private final AtomicLongArray products = new AtomicLongArray(ProductState.values().length);
  private final AtomicLongArray requests = new AtomicLongArray(RequestState.values().length);
  private final AtomicLong members = new AtomicLong();
  private final AtomicLong nextDueMs = new AtomicLong(NEVER);

  private final AtomicLong lastArrivalMs = new AtomicLong();

  private volatile boolean counting = true;

  /** Of a task whose products are not counted yet. */
  public TaskStatistics() {}

  /** All products that the task found at its start have been counted. */
  void counted() {
    counting = false;
  }

  /**
   * Whether the products that the task found at its start are still being counted; until then the
   * numbers of products, requests and members are too low.
   */
  public boolean isCounting() {
    return counting;
  }

  /** A product changed; null before it was there. */
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

  /** The task has come to a record of that time. */
  void arrived(long ms) {
    lastArrivalMs.setRelease(ms);
  }

  /** When the first of what is not done yet falls due, or fell; {@link #NEVER} for not soon. */
  void nextDue(long ms) {
    nextDueMs.setRelease(ms);
  }

  /** The products in that state. */
  public long products(ProductState state) {
    return products.getAcquire(state.ordinal());
  }

  /** The requests in that state. */
  public long requests(RequestState state) {
    return requests.getAcquire(state.ordinal());
  }

  /** The memberships: a user counts once for each product. */
  public long members() {
    return members.getAcquire();
  }

  /** The time of the record that the task came to last, in milliseconds; 0 where it has to none. */
  public long lastArrivalMs() {
    return lastArrivalMs.getAcquire();
  }

  /**
   * About when the first of what is not done yet falls due, or fell due if that is past, in
   * milliseconds since the epoch; {@link Long#MAX_VALUE} where nothing falls due soon. It holds
   * also while the task stands still.
   */
  public long nextDueMs() {
    return nextDueMs.getAcquire();
  }
}
