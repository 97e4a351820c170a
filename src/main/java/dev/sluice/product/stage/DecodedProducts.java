package dev.sluice.product.stage;

import dev.sluice.limits.LruMap;
import dev.sluice.limits.TaskCache;
import dev.sluice.product.Product;
import dev.sluice.product.RecordSize;
import org.jspecify.annotations.Nullable;

/**
 * Recently used products of one task, so that an event about a request decodes none. Bounded by the
 * memory that they take. For one task's thread.
 */
final class DecodedProducts {

  /** Maximum number of products. */
  private static final int PRODUCTS_MAX = 10_000;

  /** A product, and the memory that its definition takes, in bytes. */
  private record Sized(Product product, int bytes) {}

  private final LruMap<String, Sized> products;

  /** Creates the cache, empty, with the bound of a task. */
  DecodedProducts() {
    this(TaskCache.bytes());
  }

  /** Creates the cache, empty, with another bound in bytes. */
  DecodedProducts(int bytesMax) {
    products = new LruMap<>(PRODUCTS_MAX, bytesMax, Sized::bytes);
  }

  @Nullable Product get(String productId) {
    var sized = products.get(productId);
    return sized == null ? null : sized.product;
  }

  void put(Product product) {
    var before = products.get(product.productId());
    var bytes =
        before != null && before.product.definition() == product.definition()
            ? before.bytes
            : bytes(product);
    products.put(product.productId(), new Sized(product, bytes));
  }

  private static int bytes(Product product) {
    return (int)
        Math.min(
            Integer.MAX_VALUE,
            RecordSize.of(product) + TaskCache.SOURCE_BYTES * RecordSize.elements(product));
  }
}
