package dev.sluice.product.stage;

import dev.sluice.limits.LruMap;
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

  /** Memory of a source or another element of a list, beyond its texts, in bytes. */
  private static final int ELEMENT = 160;

  private static final int BYTES_MIN = 2 << 20;
  private static final int BYTES_MAX = 64 << 20;

  /** A product, and the memory that its definition takes, in bytes. */
  private record Sized(Product product, int bytes) {}

  private final LruMap<String, Sized> products;

  /** Creates the cache, empty: one sixty-fourth of the heap, from 2 to 64 MiB. */
  DecodedProducts() {
    this(Math.clamp(Runtime.getRuntime().maxMemory() / 64, BYTES_MIN, BYTES_MAX));
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
            RecordSize.of(product)
                + (long) ELEMENT * (product.sources().size() + product.details().domains().size()));
  }
}
