package dev.sluice.access.stage;

import dev.sluice.access.Revision;
import dev.sluice.access.Sweep;
import dev.sluice.access.stage.ProductRevisionStore.Provider;
import dev.sluice.avro.internal.StoredProductCopy;
import dev.sluice.keys.StoreKeys;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Index of the products that give a source: {@code sourceId|sourceType|productId}. The id comes
 * first, so all types of an id are adjacent.
 *
 * <p>An older version, which identified a source by its id alone, stored {@code
 * sourceId|productId}. Such entries are read too. They are converted product by product: when a
 * product is used, and a few at each check until none is left, so no transaction grows with their
 * number. A marker then records that none is left, which ends the search.
 */
final class GivenSources {

  /** Checked: no command is due because of two sources that an older version took for one. */
  private static final long CHECKED = 1;

  /** No entry of the older form is left. */
  private static final long DONE = 2;

  private static final byte[] NOW = {};
  private static final byte[] ONCE = {1};

  private final KeyValueStore<String, byte[]> given;
  private final KeyValueStore<String, StoredProductCopy> newest;
  private final KeyValueStore<String, StoredProductCopy> older;
  private final KeyValueStore<String, Long> forms;
  private @Nullable Long form;
  private boolean formKnown;

  /**
   * Whether the marker is written with the first entry. A task that has read nothing must store
   * nothing, since its state would have no offset in the input.
   */
  private boolean markOwed;

  /** The product up to which all entries are converted. */
  private String convertedUpTo = "";

  GivenSources(TaskStores stores) {
    given = stores.get(AccessStores.GIVEN);
    newest = stores.get(AccessStores.PRODUCTS);
    older = stores.get(AccessStores.REVISIONS);
    forms = stores.get(AccessStores.REVISION);
  }

  /**
   * Records that the product gives the source: now, or at an older revision that is still needed.
   */
  void put(SourceRef source, String productId, boolean now) {
    if (markOwed) {
      mark(DONE);
      markOwed = false;
    }
    given.put(key(source, productId), now ? NOW : ONCE);
  }

  void delete(SourceRef source, String productId) {
    given.delete(key(source, productId));
  }

  /** Returns whether the product's newest revision gives the source. */
  boolean provides(String productId, SourceRef source) {
    var value = given.get(key(source, productId));
    if (value == null && mayHaveOld() && hasOld(productId, source.sourceId())) {
      convert(productId);
      value = given.get(key(source, productId));
    }
    return value != null && isNow(value);
  }

  /**
   * Returns the other products with a revision, the newest or one still needed, that gives the
   * source.
   */
  List<Provider> providers(SourceRef source, String butFor) {
    if (mayHaveOld()) {
      convertThoseWith(source.sourceId());
    }
    var found = new ArrayList<Provider>();
    AccessStores.forEach(
        given,
        StoreKeys.given(source.sourceId(), source.sourceType()),
        (productId, value) -> {
          // A type with a bar, from an older version, makes other keys begin with this prefix.
          if (StoreKeys.isOnePart(productId) && !productId.equals(butFor)) {
            found.add(new Provider(productId, isNow(value)));
          }
        });
    return found;
  }

  /** Returns the sources with that id that a product gives or gave, by type. */
  Set<SourceRef> ofId(String sourceId) {
    if (mayHaveOld()) {
      convertThoseWith(sourceId);
    }
    var found = new TreeSet<SourceRef>();
    AccessStores.forEach(
        given,
        StoreKeys.of(sourceId),
        (rest, value) -> found.add(new SourceRef(sourceId, StoreKeys.beforeLastPart(rest))));
    return found;
  }

  /**
   * Called before the sources of a product change: converts the product's entries to the newer
   * form.
   */
  void prepare(String productId) {
    if (mayHaveOld()
        && sources(productId).keySet().stream().anyMatch(s -> hasOld(productId, s.sourceId()))) {
      convert(productId);
    }
  }

  /**
   * Checks once per task, before any write, whether an older version left entries that do not tell
   * which of two sources a user has.
   *
   * @throws IllegalStateException if there are such entries; the message names the remedy
   */
  void check(Memberships memberships) {
    if (form() != null) {
      return;
    }
    if (isEmpty()) {
      form = DONE;
      markOwed = true;
      return;
    }
    requireOneType(memberships);
    mark(CHECKED);
  }

  /** Converts entries of the older form, up to about the given number. */
  void convertSome(int max) {
    if (!mayHaveOld()) {
      return;
    }
    var productIds = new ArrayList<String>();
    var atEnd = true;
    var size = 0;
    try (var entries = newest.range(StoreKeys.after(convertedUpTo), StoreKeys.LAST)) {
      while (entries.hasNext()) {
        if (size >= max) {
          atEnd = false;
          break;
        }
        var entry = entries.next();
        productIds.add(entry.key);
        size += 1 + entry.value.getDataSources().size();
      }
    }
    for (var productId : productIds) {
      prepare(productId);
      convertedUpTo = productId;
    }
    if (atEnd) {
      mark(DONE);
    }
  }

  private @Nullable Long form() {
    if (!formKnown) {
      form = forms.get(StoreKeys.GIVEN_FORM);
      formKnown = true;
    }
    return form;
  }

  private boolean mayHaveOld() {
    var known = form();
    return known == null || known != DONE;
  }

  private void mark(long reached) {
    forms.put(StoreKeys.GIVEN_FORM, reached);
    form = reached;
  }

  private boolean isEmpty() {
    try (var entries = given.all()) {
      return !entries.hasNext();
    }
  }

  private boolean hasOld(String productId, String sourceId) {
    return given.get(StoreKeys.givenWithoutType(sourceId, productId)) != null;
  }

  private void convertThoseWith(String sourceId) {
    var productIds = new ArrayList<String>();
    AccessStores.forEach(
        given,
        StoreKeys.of(sourceId),
        (rest, value) -> {
          if (StoreKeys.isOnePart(rest)) {
            productIds.add(rest);
          }
        });
    productIds.forEach(this::convert);
  }

  private void convert(String productId) {
    sources(productId)
        .forEach(
            (source, now) -> {
              given.delete(StoreKeys.givenWithoutType(source.sourceId(), productId));
              put(source, productId, now);
            });
  }

  /** Returns the sources that a product gives or gave, and whether the product still gives each. */
  private SortedMap<SourceRef, Boolean> sources(String productId) {
    var sources = new TreeMap<SourceRef, Boolean>();
    forEachOlder(productId, revision -> revision.provided().forEach(s -> sources.put(s, false)));
    var stored = newest.get(productId);
    if (stored != null) {
      AccessAvro.fromAvro(stored).provided().forEach(source -> sources.put(source, true));
    }
    return sources;
  }

  private void forEachOlder(String productId, Consumer<Revision> visitor) {
    try (var entries = older.range(StoreKeys.of(productId), StoreKeys.end(productId))) {
      while (entries.hasNext()) {
        visitor.accept(AccessAvro.fromAvro(entries.next().value));
      }
    }
  }

  private void requireOneType(Memberships memberships) {
    var types = new HashMap<String, String>();
    var twofold = new HashSet<String>();
    forEachHeld(
        (source, productId) -> {
          var type = types.putIfAbsent(source.sourceId(), source.sourceType());
          if (type != null && !type.equals(source.sourceType())) {
            twofold.add(source.sourceId());
          }
        });
    if (twofold.isEmpty()) {
      return;
    }
    var holders = new TreeMap<SourceRef, Set<String>>();
    forEachHeld(
        (source, productId) -> {
          if (twofold.contains(source.sourceId())) {
            holders.computeIfAbsent(source, s -> new TreeSet<>()).add(productId);
          }
        });
    holders.forEach(
        (one, its) ->
            holders.tailMap(one, false).entrySet().stream()
                .takeWhile(other -> other.getKey().sourceId().equals(one.sourceId()))
                .forEach(
                    other ->
                        requireNoneShared(
                            one, its, other.getKey(), other.getValue(), memberships)));
  }

  private static void requireNoneShared(
      SourceRef one,
      Set<String> its,
      SourceRef other,
      Set<String> others,
      Memberships memberships) {
    for (var productId : its) {
      for (var otherId : others) {
        var shared = productId.equals(otherId) ? null : shared(productId, otherId, memberships);
        if (shared != null) {
          throw new IllegalStateException(
              ("source \"%s\" is of type %s in product %s and of type %s in product %s, and %s is a"
                   + " member of both. An older version took them for one source, so its commands"
                   + " do not show which of the two was granted. Nothing was changed. Start the"
                   + " older version again, remove the source from one of the two products"
                   + " (DataSourcesReplaced), wait until its sweep has ended, start this version,"
                   + " and add the source again")
                  .formatted(
                      one.sourceId(),
                      one.sourceType(),
                      productId,
                      other.sourceType(),
                      otherId,
                      shared));
        }
      }
    }
  }

  private static @Nullable String shared(
      String productId, String otherId, Memberships memberships) {
    var found = new ArrayList<String>();
    memberships.visit(
        productId,
        new Sweep.Range("", null, 0),
        (userId, mark) -> {
          if (memberships.contains(userId, otherId)) {
            found.add(userId);
          }
          return found.isEmpty();
        });
    return found.isEmpty() ? null : found.getFirst();
  }

  /** Takes a source and a product that gives it, or gave it at a revision that is still needed. */
  @FunctionalInterface
  private interface Held {
    void take(SourceRef source, String productId);
  }

  private void forEachHeld(Held visitor) {
    try (var entries = newest.all()) {
      while (entries.hasNext()) {
        var entry = entries.next();
        AccessAvro.fromAvro(entry.value)
            .copy()
            .sources()
            .forEach(source -> visitor.take(source, entry.key));
        forEachOlder(
            entry.key,
            revision -> revision.provided().forEach(source -> visitor.take(source, entry.key)));
      }
    }
  }

  private static boolean isNow(byte[] value) {
    return value.length == 0;
  }

  private static String key(SourceRef source, String productId) {
    return StoreKeys.given(source.sourceId(), source.sourceType(), productId);
  }
}
