package dev.sluice.access.stage;

import dev.sluice.access.Sweep;
import dev.sluice.access.SweepProgress;
import dev.sluice.access.SweepSummary;
import dev.sluice.avro.internal.StoredSweep;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The sweeps in progress of one task; cached, since every update reads them. */
final class SweepStore {
  private final KeyValueStore<String, StoredSweep> store;
  private final TreeMap<String, InProgress> byProduct = new TreeMap<>();
  private boolean read;

  private record InProgress(Sweep sweep, SweepProgress extent) {
    static InProgress of(StoredSweep stored) {
      return new InProgress(AccessAvro.fromAvro(stored), AccessAvro.extent(stored));
    }
  }

  SweepStore(TaskStores stores) {
    store = stores.get(AccessStores.SWEEPS);
  }

  private TreeMap<String, InProgress> all() {
    if (!read) {
      try (var entries = store.all()) {
        entries.forEachRemaining(e -> byProduct.put(e.key, InProgress.of(e.value)));
      }
      read = true;
    }
    return byProduct;
  }

  boolean isEmpty() {
    return all().isEmpty();
  }

  boolean contains(String productId) {
    return all().containsKey(productId);
  }

  @Nullable Sweep get(String productId) {
    var inProgress = all().get(productId);
    return inProgress == null ? null : inProgress.sweep;
  }

  /** Begins a sweep. */
  void begin(String productId, Sweep sweep, SweepProgress extent) {
    put(productId, new InProgress(sweep, extent));
  }

  /** Gives a sweep in progress another target revision. */
  void restart(String productId, Sweep sweep, long members) {
    put(productId, new InProgress(sweep, extent(productId).over(members)));
  }

  /** Stores a sweep after a number of members was processed. */
  void advance(String productId, Sweep sweep, long members) {
    put(productId, new InProgress(sweep, extent(productId).done(members)));
  }

  private void put(String productId, InProgress sweep) {
    all().put(productId, sweep);
    store.put(productId, AccessAvro.toAvro(sweep.sweep, sweep.extent));
  }

  /** Returns the products that are being swept, by productId. */
  List<String> productIds() {
    return List.copyOf(all().keySet());
  }

  /** Returns the size of a product's sweep; null if there is none. */
  @Nullable SweepProgress extentOf(String productId) {
    var inProgress = all().get(productId);
    return inProgress == null ? null : inProgress.extent;
  }

  private SweepProgress extent(String productId) {
    var inProgress = all().get(productId);
    if (inProgress == null) {
      throw new IllegalStateException("no sweep of product " + productId);
    }
    return inProgress.extent;
  }

  /** Returns the summary of all sweeps. */
  SweepSummary summary() {
    if (all().isEmpty()) {
      return SweepSummary.NONE;
    }
    long left = 0;
    long since = Long.MAX_VALUE;
    for (var inProgress : all().values()) {
      left += inProgress.extent.membersLeft();
      since = Math.min(since, inProgress.extent.sinceMs());
    }
    return new SweepSummary(all().size(), left, since, 0, 0);
  }

  void remove(String productId) {
    if (all().remove(productId) != null) {
      store.delete(productId);
    }
  }

  /** Returns the product that follows the given one, round robin; null if there is none. */
  @Nullable String after(String productId) {
    if (all().isEmpty()) {
      return null;
    }
    var next = all().higherKey(productId);
    return next == null ? all().firstKey() : next;
  }
}
