package dev.sluice.access;

import dev.sluice.avro.internal.StoredProductCopy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** What each product gives, and gave where members still stand at an older revision. */
final class ProductCopies {

  /**
   * A product that gives a source to its members, or gave it.
   *
   * @param now whether its newest revision gives it
   */
  record Giver(String productId, boolean now) {}

  private static final byte[] NOW = {};
  private static final byte[] ONCE = {1};

  private final KeyValueStore<String, StoredProductCopy> newest;
  private final KeyValueStore<String, StoredProductCopy> older;
  private final KeyValueStore<String, byte[]> given;
  private final MoveCache moves = new MoveCache();

  ProductCopies(TaskStores stores) {
    newest = stores.get(AccessStores.PRODUCTS);
    older = stores.get(AccessStores.REVISIONS);
    given = stores.get(AccessStores.GIVEN);
  }

  /** The product's newest revision; null when it has no member here. */
  @Nullable Revision newest(String productId) {
    var stored = newest.get(productId);
    return stored == null ? null : AccessAvro.fromAvro(stored);
  }

  /** Stores the first revision of a product that is not known here. */
  void add(String productId, Revision first) {
    newest.put(productId, AccessAvro.toAvro(first));
    first.given().keySet().forEach(sourceId -> given.put(sourceId + '|' + productId, NOW));
  }

  /**
   * Stores a newer revision.
   *
   * @param keep whether the one before is still needed
   */
  void replace(String productId, Revision before, Revision after, boolean keep) {
    if (keep) {
      older.put(key(productId, before.number()), AccessAvro.toAvro(before));
    }
    newest.put(productId, AccessAvro.toAvro(after));
    for (var sourceId : before.given().keySet()) {
      if (!after.given().containsKey(sourceId)) {
        if (keep) {
          given.put(sourceId + '|' + productId, ONCE);
        } else {
          given.delete(sourceId + '|' + productId);
        }
      }
    }
    for (var sourceId : after.given().keySet()) {
      if (!before.given().containsKey(sourceId)) {
        given.put(sourceId + '|' + productId, NOW);
      }
    }
    moves.forget(productId);
  }

  /**
   * Forgets the revisions below that, and what only they gave.
   *
   * @param from no revision below this is kept; saves a walk over what was deleted there
   */
  void dropBelow(String productId, long from, long floor) {
    var gone = new HashSet<String>();
    forEachOlder(
        productId,
        from,
        revision -> {
          if (revision.number() < floor) {
            gone.addAll(revision.given().keySet());
            older.delete(key(productId, revision.number()));
          } else {
            gone.removeAll(revision.given().keySet());
          }
        });
    var now = newest(productId);
    if (now != null) {
      gone.removeAll(now.given().keySet());
    }
    gone.forEach(sourceId -> given.delete(sourceId + '|' + productId));
    moves.forget(productId);
  }

  /** Forgets a product that has no member here any more, and no older revisions. */
  void remove(String productId) {
    var now = newest(productId);
    newest.delete(productId);
    moves.forget(productId);
    if (now != null) {
      now.given().keySet().forEach(sourceId -> given.delete(sourceId + '|' + productId));
    }
  }

  /** What the product gave at that revision, and gives now. */
  Move move(String productId, long from) {
    var cached = moves.get(productId, from);
    if (cached != null) {
      return cached;
    }
    var now = newest(productId);
    if (now == null) {
      throw new IllegalStateException("no copy of product " + productId);
    }
    var move =
        now.number() == from
            ? Move.over(productId, List.of(now).iterator())
            : fromOlder(productId, from, now);
    moves.put(from, move);
    return move;
  }

  private Move fromOlder(String productId, long from, Revision now) {
    try (var entries = older.range(key(productId, from), key(productId, now.number()))) {
      var revisions =
          new Iterator<Revision>() {
            private boolean atEnd;

            @Override
            public boolean hasNext() {
              return !atEnd;
            }

            @Override
            public Revision next() {
              atEnd = !entries.hasNext();
              return atEnd ? now : AccessAvro.fromAvro(entries.next().value);
            }
          };
      if (!entries.hasNext() || !entries.peekNextKey().equals(key(productId, from))) {
        throw new IllegalStateException(
            "revision %d of product %s is not kept".formatted(from, productId));
      }
      return Move.over(productId, revisions);
    }
  }

  private void forEachOlder(String productId, long from, Consumer<Revision> visitor) {
    try (var entries = older.range(key(productId, from), key(productId, Long.MAX_VALUE))) {
      while (entries.hasNext()) {
        visitor.accept(AccessAvro.fromAvro(entries.next().value));
      }
    }
  }

  /** Sorts by revision within a product. */
  private static String key(String productId, long revision) {
    return "%s|%019d".formatted(productId, revision);
  }

  /** Whether the product's newest revision gives the source. */
  boolean gives(String productId, String sourceId) {
    var value = given.get(sourceId + '|' + productId);
    return value != null && isNow(value);
  }

  private static boolean isNow(byte[] value) {
    return value.length == 0;
  }

  /** The other products with a revision, the newest or one that is still needed, that gives it. */
  List<Giver> givers(String sourceId, String butFor) {
    var found = new ArrayList<Giver>();
    AccessStores.forEach(
        given,
        sourceId + '|',
        (productId, value) -> {
          if (!productId.equals(butFor)) {
            found.add(new Giver(productId, isNow(value)));
          }
        });
    return found;
  }
}
