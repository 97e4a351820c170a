package dev.sluice.product.stage;

import dev.sluice.limits.LruMap;
import dev.sluice.limits.TaskCache;
import dev.sluice.product.Product;
import dev.sluice.update.AccessUpdate.Trigger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Products whose counters have changed since the last commit. Their counters are stored once for a
 * commit, not once for a request.
 *
 * <p>The status of each is published with them. A status has all sources of the product, so a large
 * product has one less often: every millisecond for ten sources, at most a second apart. A status
 * that waits is noted with the counters, and is published soon, also after a restart. For one
 * task's thread.
 */
final class UncommittedProducts {

  /** Number of products that are held at most; beyond it, they are written before the commit. */
  static final int PRODUCTS_MAX = 1_000;

  /**
   * Number of sources of all changed products at most, and of all that wait: each set holds its
   * products in memory. Beyond it, changes are written before the commit, and no status waits.
   */
  private static final long SOURCES_MAX = TaskCache.bytes() / TaskCache.SOURCE_BYTES;

  /** Number of sources for which a status may be published every millisecond. */
  private static final int SOURCES_PER_MS = 10;

  /** Longest time between two statuses of a product that changes, in milliseconds. */
  static final int INTERVAL_MAX_MS = 1_000;

  /**
   * A status to be published.
   *
   * @param trigger the cause of the change
   * @param publish publishes the status
   */
  record Status(Trigger trigger, Runnable publish) {}

  /** A changed product, and the status that is due; null for none. */
  private record Change(Product product, @Nullable Status status) {}

  private final Map<String, Change> changes = new LinkedHashMap<>();
  private final Map<String, Change> waiting = new LinkedHashMap<>();

  /** Times at which statuses were published, in milliseconds since the epoch. */
  private final LruMap<String, Long> published = new LruMap<>(PRODUCTS_MAX);

  private final BiConsumer<Product, @Nullable Trigger> store;

  /** Number of sources of all changed products, as they were added. */
  private long changedSources;

  /**
   * Creates the set, empty.
   *
   * @param store stores the counters of a product, with the cause of a status that waits; null for
   *     none
   */
  UncommittedProducts(BiConsumer<Product, @Nullable Trigger> store) {
    this.store = store;
  }

  /** Returns the product with its latest counters; null if they have not changed. */
  @Nullable Product get(String productId) {
    var change = changes.get(productId);
    return change == null ? null : change.product;
  }

  /** Adds or replaces a product. A status that is due stays due. */
  void put(Product product, long nowMs) {
    var before = changes.get(product.productId());
    changes.put(product.productId(), new Change(product, before == null ? null : before.status));
    if (before == null) {
      changedSources += product.sources().size();
    }
    if (changes.size() > PRODUCTS_MAX || changedSources > SOURCES_MAX) {
      write(nowMs);
    }
  }

  /** Sets the status to be published at a commit, in place of an earlier one. */
  void status(Product product, Status status) {
    changes.put(product.productId(), new Change(product, status));
  }

  /** Drops a status that is due, since a newer one has just been published. */
  void published(Product product, long nowMs) {
    changes.put(product.productId(), new Change(product, null));
    waiting.remove(product.productId());
    published.put(product.productId(), nowMs);
  }

  /** Returns whether a status of the product waits. */
  boolean isWaiting(String productId) {
    return waiting.containsKey(productId);
  }

  /** Has waiting statuses published at the next commit, if their time has come. */
  void wake(long nowMs) {
    for (var change : List.copyOf(waiting.values())) {
      if (isDue(change.product, nowMs)) {
        waiting.remove(change.product.productId());
        changes.merge(
            change.product.productId(),
            change,
            (newer, older) ->
                newer.status == null ? new Change(newer.product, older.status) : newer);
      }
    }
  }

  /** Stores all counters, and publishes the statuses that are due. */
  void write(long nowMs) {
    for (var change : changes.values()) {
      var id = change.product.productId();
      var before = waiting.remove(id);
      var status = change.status == null && before != null ? before.status : change.status;
      if (status == null) {
        store.accept(change.product, null);
      } else if (isDue(change.product, nowMs)) {
        store.accept(change.product, null);
        status.publish.run();
        published.put(id, nowMs);
      } else {
        store.accept(change.product, status.trigger);
        waiting.put(id, new Change(change.product, status));
      }
    }
    changes.clear();
    changedSources = 0;
  }

  private long waitingSources() {
    return waiting.values().stream().mapToLong(change -> change.product.sources().size()).sum();
  }

  private boolean isDue(Product product, long nowMs) {
    var last = published.get(product.productId());
    var intervalMs = Math.min(INTERVAL_MAX_MS, product.sources().size() / SOURCES_PER_MS);
    if (last == null || intervalMs == 0 || waitingSources() > SOURCES_MAX) {
      return true;
    }
    var ageMs = nowMs - last;
    return ageMs < 0 // the clock was set back
        || ageMs >= intervalMs;
  }
}
