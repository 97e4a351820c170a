package dev.sluice.access.stage;

import dev.sluice.access.ProductDelta;
import dev.sluice.access.ProductDeltaCache;
import dev.sluice.access.Revision;
import dev.sluice.avro.internal.StoredProductCopy;
import dev.sluice.keys.StoreKeys;
import dev.sluice.limits.LruMap;
import dev.sluice.limits.TaskCache;
import dev.sluice.streams.InconsistentReadException;
import dev.sluice.update.SourceRef;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Newest revision of each product, and older revisions that members are still at. */
final class ProductRevisionStore {

  /**
   * A product that gives a source to its members, or gave it.
   *
   * @param now whether its newest revision gives the source
   */
  record Provider(String productId, boolean now) {}

  /** Maximum number of revisions that are kept decoded. */
  private static final int DECODED_MAX = 10_000;

  private final KeyValueStore<String, StoredProductCopy> newest;
  private final KeyValueStore<String, StoredProductCopy> older;
  private final GivenSources given;
  private final ProductDeltaCache deltas = new ProductDeltaCache();

  /** Recently used newest revisions, bounded by the memory of their sources. */
  private final LruMap<String, Revision> decoded =
      new LruMap<>(
          DECODED_MAX,
          TaskCache.bytes() / TaskCache.SOURCE_BYTES,
          revision -> 1 + revision.copy().sources().size());

  ProductRevisionStore(TaskStores stores) {
    newest = stores.get(AccessStores.PRODUCTS);
    older = stores.get(AccessStores.REVISIONS);
    given = new GivenSources(stores);
  }

  /** Returns the product's newest revision; null if it has no member here. */
  @Nullable Revision newest(String productId) {
    var cached = decoded.get(productId);
    if (cached != null) {
      return cached;
    }
    var stored = newest.get(productId);
    if (stored == null) {
      return null;
    }
    var revision = AccessAvro.fromAvro(stored);
    decoded.put(productId, revision);
    return revision;
  }

  private void putNewest(String productId, Revision revision) {
    newest.put(productId, AccessAvro.toAvro(revision));
    decoded.put(productId, revision);
  }

  /** Stores the first revision of a product that is not stored here. */
  void add(String productId, Revision first) {
    putNewest(productId, first);
    first.provided().forEach(source -> given.put(source, productId, true));
  }

  /**
   * Stores a newer revision.
   *
   * @param keep whether the one before is still needed
   */
  void replace(String productId, Revision before, Revision after, boolean keep) {
    given.prepare(productId);
    if (keep) {
      older.put(StoreKeys.revision(productId, before.number()), AccessAvro.toAvro(before));
    }
    putNewest(productId, after);
    for (var source : before.provided()) {
      if (!after.provided().contains(source)) {
        if (keep) {
          given.put(source, productId, false);
        } else {
          given.delete(source, productId);
        }
      }
    }
    for (var source : after.provided()) {
      if (!before.provided().contains(source)) {
        given.put(source, productId, true);
      }
    }
    deltas.forget(productId);
  }

  /**
   * Deletes the revisions below a floor, and index entries that only they needed.
   *
   * @param from no revision below this is stored; avoids scanning over deleted ones
   */
  void dropBelow(String productId, long from, long floor) {
    given.prepare(productId);
    var gone = new HashSet<SourceRef>();
    forEachOlder(
        productId,
        from,
        revision -> {
          if (revision.number() < floor) {
            gone.addAll(revision.provided());
            older.delete(StoreKeys.revision(productId, revision.number()));
          } else {
            gone.removeAll(revision.provided());
          }
        });
    var now = newest(productId);
    if (now != null) {
      gone.removeAll(now.provided());
    }
    gone.forEach(source -> given.delete(source, productId));
    deltas.forget(productId);
  }

  /** Deletes a product that has no member here any more, and no older revisions. */
  void remove(String productId) {
    given.prepare(productId);
    var now = newest(productId);
    newest.delete(productId);
    decoded.remove(productId);
    deltas.forget(productId);
    if (now != null) {
      now.provided().forEach(source -> given.delete(source, productId));
    }
  }

  /** Returns the delta from that revision to the newest one. */
  ProductDelta delta(String productId, long from) {
    var cached = deltas.get(productId, from);
    if (cached != null) {
      return cached;
    }
    var now = newest(productId);
    if (now == null) {
      throw new InconsistentReadException("no copy of product " + productId);
    }
    var productDelta =
        now.number() == from
            ? ProductDelta.over(productId, List.of(now).iterator())
            : fromOlder(productId, from, now);
    deltas.put(from, productDelta);
    return productDelta;
  }

  private ProductDelta fromOlder(String productId, long from, Revision now) {
    try (var entries =
        older.range(
            StoreKeys.revision(productId, from), StoreKeys.revision(productId, now.number()))) {
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
      if (!entries.hasNext()
          || !entries.peekNextKey().equals(StoreKeys.revision(productId, from))) {
        throw new InconsistentReadException(
            "revision %d of product %s is not kept".formatted(from, productId));
      }
      return ProductDelta.over(productId, revisions);
    }
  }

  private void forEachOlder(String productId, long from, Consumer<Revision> visitor) {
    try (var entries =
        older.range(
            StoreKeys.revision(productId, from), StoreKeys.revision(productId, Long.MAX_VALUE))) {
      while (entries.hasNext()) {
        visitor.accept(AccessAvro.fromAvro(entries.next().value));
      }
    }
  }

  /**
   * Returns whether the product's newest revision gives the source. A product that is not decoded
   * is not read for that; the index answers.
   */
  boolean provides(String productId, SourceRef source) {
    var cached = decoded.get(productId);
    return cached == null ? given.provides(productId, source) : cached.provided().contains(source);
  }

  /**
   * Returns the other products with a revision, the newest or one still needed, that gives the
   * source.
   */
  List<Provider> providers(SourceRef source, String butFor) {
    return given.providers(source, butFor);
  }

  /** Returns the sources with that id that a product gives or gave, by type. */
  Set<SourceRef> sourcesOf(String sourceId) {
    return given.ofId(sourceId);
  }

  /**
   * Checks once per task, before any work, whether the entries of an older version are unambiguous.
   *
   * @throws IllegalStateException if they are not; the message names the remedy
   */
  void check(Memberships memberships) {
    given.check(memberships);
  }

  /** Converts some entries of an older version; does nothing if none is left. */
  void convertSome(int max) {
    given.convertSome(max);
  }
}
