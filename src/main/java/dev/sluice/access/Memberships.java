package dev.sluice.access;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.streams.state.KeyValueStore;

/** Who is a member of what, by user and by product. */
final class Memberships {

  /** The mark of somebody who is no member. */
  static final long NO_MEMBER = -1;

  private static final byte[] PRESENT = {};

  private final KeyValueStore<String, byte[]> byUser;
  private final KeyValueStore<String, byte[]> byProduct;

  Memberships(TaskStores stores) {
    byUser = stores.get(AccessStores.MEMBERSHIPS);
    byProduct = stores.get(AccessStores.MEMBERS);
  }

  boolean contains(String userId, String productId) {
    return byUser.get(userId + '|' + productId) != null;
  }

  void add(String userId, String productId) {
    byUser.put(userId + '|' + productId, PRESENT);
    byProduct.put(productId + '|' + userId, PRESENT);
  }

  void remove(String userId, String productId) {
    byUser.delete(userId + '|' + productId);
    byProduct.delete(productId + '|' + userId);
  }

  /** The products that the user is a member of. */
  List<String> productsOf(String userId) {
    return AccessStores.suffixes(byUser, userId + '|');
  }

  /** Visits the products that the user is a member of, by productId, after that one. */
  void visitProducts(String userId, String after, Predicate<String> goesOn) {
    var prefix = userId + '|';
    var from = after.isEmpty() ? prefix : prefix + after + '\0';
    try (var entries = byUser.range(from, userId + '}')) {
      while (entries.hasNext()) {
        if (!goesOn.test(entries.next().key.substring(prefix.length()))) {
          return;
        }
      }
    }
  }

  /** Notes that the member was settled to a revision ahead of the sweep. */
  void mark(String userId, String productId, long revision) {
    byProduct.put(
        productId + '|' + userId, ByteBuffer.allocate(Long.BYTES).putLong(revision).array());
  }

  /** The revision that the member was settled to ahead; 0 for none, or {@link #NO_MEMBER}. */
  long mark(String userId, String productId) {
    var value = byProduct.get(productId + '|' + userId);
    return value == null ? NO_MEMBER : mark(value);
  }

  private static long mark(byte[] value) {
    return value.length == 0 ? 0 : ByteBuffer.wrap(value).getLong();
  }

  /**
   * Visits a product's members by userId, until the visitor has enough. The visitor may remove the
   * one it is at.
   *
   * @return whether all were visited
   */
  boolean visit(String productId, Sweep.Part part, Visitor visitor) {
    var prefix = productId + '|';
    // No id has a control character: this is the first key that can come after the user's.
    var from = part.after().isEmpty() ? prefix : prefix + part.after() + '\0';
    var to = part.upTo() == null ? productId + '}' : prefix + part.upTo();
    try (var entries = byProduct.range(from, to)) {
      while (entries.hasNext()) {
        var entry = entries.next();
        if (!visitor.visit(entry.key.substring(prefix.length()), mark(entry.value))) {
          return !entries.hasNext();
        }
      }
    }
    return true;
  }

  /** Visits a member. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Visits one.
     *
     * @param mark the revision that the member was settled to ahead; 0 for none
     * @return whether to go on
     */
    boolean visit(String userId, long mark);
  }
}
