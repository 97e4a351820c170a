package dev.sluice.product.stage;

import dev.sluice.avro.internal.StoredProduct;
import dev.sluice.keys.StoreKeys;
import dev.sluice.product.Product;
import dev.sluice.product.RecordSize;
import java.util.function.BiFunction;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the products that a task found at its start, in the order of their keys and portion by
 * portion, so that no portion holds up the task. A change of a product that was counted changes the
 * numbers; one that comes later in the order is counted as it is then. For the task's thread.
 */
final class ProductCounter {

  /** Largest number of products that a portion reads. */
  static final int PORTION_MAX = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(ProductCounter.class);

  private final ReadOnlyKeyValueStore<String, StoredProduct> products;
  private final BiFunction<String, StoredProduct, Product> current;
  private final TaskStatistics statistics;

  private final int portionMax;

  /** The last productId that was counted; empty before the first. */
  private String last = "";

  private boolean begun;

  /**
   * Creates the counter; it reads nothing yet.
   *
   * @param current returns a stored product with its latest counters
   */
  ProductCounter(
      ReadOnlyKeyValueStore<String, StoredProduct> products,
      BiFunction<String, StoredProduct, Product> current,
      TaskStatistics statistics) {
    this(products, current, statistics, PORTION_MAX);
  }

  /** Creates a counter with smaller portions. */
  ProductCounter(
      ReadOnlyKeyValueStore<String, StoredProduct> products,
      BiFunction<String, StoredProduct, Product> current,
      TaskStatistics statistics,
      int portionMax) {
    this.portionMax = portionMax;
    this.products = products;
    this.current = current;
    this.statistics = statistics;
  }

  /** Counts the first portion, unless that has been done. */
  void begin() {
    if (!begun) {
      count();
    }
  }

  /**
   * Counts one portion more, unless all products are counted. A product that cannot be read is left
   * out: its next event fails, and no number does.
   */
  void count() {
    begun = true;
    if (!statistics.isCounting()) {
      return;
    }
    var budget = new RequestBudget(portionMax);
    try (var entries =
        last.isEmpty() ? products.all() : products.range(StoreKeys.after(last), StoreKeys.LAST)) {
      while (entries.hasNext()) {
        if (budget.isFull()) {
          return;
        }
        last = entries.peekNextKey();
        try {
          var product = current.apply(last, entries.next().value);
          statistics.moved(null, product);
          budget.countRequest(RecordSize.of(product) - RecordSize.ENVELOPE);
        } catch (RuntimeException e) {
          budget.countRequest(0);
          LOG.warn(
              "product {} is stored in a form that cannot be read, and is not counted: {}",
              last,
              String.valueOf(e.getMessage()));
        }
      }
    }
    statistics.counted();
  }

  /** Takes account of a product that was stored; null before it was there. */
  void changed(@Nullable Product before, Product after) {
    if (!statistics.isCounting() || StoreKeys.ORDER.compare(after.productId(), last) <= 0) {
      statistics.moved(before, after);
    }
  }
}
