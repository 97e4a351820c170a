package dev.sluice.product.stage;

import dev.sluice.product.Product;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Products whose counters have changed since the last commit. Their counters are stored, and the
 * status of each is published, once for a commit and not once for a request. For one task's thread.
 */
final class UncommittedProducts {

  /** Number of products that are held at most; beyond it, they are written before the commit. */
  static final int PRODUCTS_MAX = 1_000;

  /**
   * A changed product.
   *
   * @param status publishes the status; null if none is due
   */
  private record Change(Product product, @Nullable Runnable status) {}

  private final Map<String, Change> changes = new LinkedHashMap<>();
  private final Consumer<Product> store;

  /**
   * Creates the set, empty.
   *
   * @param store stores the counters of a product
   */
  UncommittedProducts(Consumer<Product> store) {
    this.store = store;
  }

  /** Returns the product with its latest counters; null if they have not changed. */
  @Nullable Product get(String productId) {
    var change = changes.get(productId);
    return change == null ? null : change.product;
  }

  /** Adds or replaces a product. A status that is due stays due. */
  void put(Product product) {
    var before = changes.get(product.productId());
    changes.put(product.productId(), new Change(product, before == null ? null : before.status));
    if (changes.size() > PRODUCTS_MAX) {
      write();
    }
  }

  /**
   * Sets the status to be published at the commit, in place of an earlier one.
   *
   * @param status publishes the status; null if it has just been published
   */
  void status(Product product, @Nullable Runnable status) {
    if (status != null || changes.containsKey(product.productId())) {
      changes.put(product.productId(), new Change(product, status));
    }
  }

  /** Stores all counters and publishes all statuses that are due. */
  void write() {
    for (var change : changes.values()) {
      store.accept(change.product);
      if (change.status != null) {
        change.status.run();
      }
    }
    changes.clear();
  }
}
