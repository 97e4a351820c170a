package dev.sluice.access.stage;

import dev.sluice.access.Sweep;
import dev.sluice.keys.StoreKeys;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.streams.state.KeyValueStore;

/** Memberships by user and by product. */
final class Memberships {

  /** The mark of a user who is not a member. */
  static final long NO_MEMBER = -1;

  private static final byte[] PRESENT = {};

  private final KeyValueStore<String, byte[]> byUser;
  private final KeyValueStore<String, byte[]> byProduct;

  Memberships(TaskStores stores) {
    byUser = stores.get(AccessStores.MEMBERSHIPS);
    byProduct = stores.get(AccessStores.MEMBERS);
  }

  boolean contains(String userId, String productId) {
    return byUser.get(StoreKeys.membership(userId, productId)) != null;
  }

  void add(String userId, String productId) {
    byUser.put(StoreKeys.membership(userId, productId), PRESENT);
    byProduct.put(StoreKeys.member(productId, userId), PRESENT);
  }

  void remove(String userId, String productId) {
    byUser.delete(StoreKeys.membership(userId, productId));
    byProduct.delete(StoreKeys.member(productId, userId));
  }

  /** Returns the products that the user is a member of. */
  List<String> productsOf(String userId) {
    return AccessStores.suffixes(byUser, StoreKeys.of(userId));
  }

  /** Visits the products that the user is a member of, by productId, after the given one. */
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

  /** Records that the member was settled to a revision ahead of the sweep. */
  void mark(String userId, String productId, long revision) {
    byProduct.put(
        StoreKeys.member(productId, userId),
        ByteBuffer.allocate(Long.BYTES).putLong(revision).array());
  }

  /**
   * Returns the revision to which the member was settled ahead; 0 for none, or {@link #NO_MEMBER}.
   */
  long mark(String userId, String productId) {
    var value = byProduct.get(StoreKeys.member(productId, userId));
    return value == null ? NO_MEMBER : mark(value);
  }

  private static long mark(byte[] value) {
    return value.length == 0 ? 0 : ByteBuffer.wrap(value).getLong();
  }

  /**
   * Visits a product's members by userId, until the visitor stops. The visitor may remove the
   * current member.
   *
   * @return whether all were visited
   */
  boolean visit(String productId, Sweep.Range part, Visitor visitor) {
    var prefix = StoreKeys.of(productId);
    var from =
        part.after().isEmpty()
            ? prefix
            : StoreKeys.after(StoreKeys.member(productId, part.after()));
    var to =
        part.upTo() == null ? StoreKeys.end(productId) : StoreKeys.member(productId, part.upTo());
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

  /** Visitor of members. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Visits a member.
     *
     * @param mark the revision to which the member was settled ahead; 0 for none
     * @return whether to continue
     */
    boolean visit(String userId, long mark);
  }
}
