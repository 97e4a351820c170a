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
 * Which products give a source, by source: {@code sourceId|sourceType|productId}. The id comes
 * first, so that all types of an id stand together.
 *
 * <p>An older version, which took an id for one source whatever its type, left {@code
 * sourceId|productId}. Such entries are understood too. They are made new product by product: when
 * a product is met, and some in each turn until none is left, so that no transaction grows with
 * their number. A marker says then that none is left, and nothing is looked for any more.
 */
final class GivenSources {

  /** No user is owed a command because of what an older version took for one source. */
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
   * Whether the marker is written with the first entry. Not before: a task that has read nothing
   * must store nothing, else its state would have no place in the input.
   */
  private boolean markOwed;

  /** The product up to which none is left of the older form. */
  private String convertedUpTo = "";

  GivenSources(TaskStores stores) {
    given = stores.get(AccessStores.GIVEN);
    newest = stores.get(AccessStores.PRODUCTS);
    older = stores.get(AccessStores.REVISIONS);
    forms = stores.get(AccessStores.REVISION);
  }

  /** Notes that the product gives the source: now, or at an older revision that is still needed. */
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

  /** Whether the product's newest revision gives the source. */
  boolean provides(String productId, SourceRef source) {
    var value = given.get(key(source, productId));
    if (value == null && mayHaveOld() && hasOld(productId, source.sourceId())) {
      convert(productId);
      value = given.get(key(source, productId));
    }
    return value != null && isNow(value);
  }

  /** The other products with a revision, the newest or one that is still needed, that gives it. */
  List<Provider> providers(SourceRef source, String butFor) {
    if (mayHaveOld()) {
      convertThoseWith(source.sourceId());
    }
    var found = new ArrayList<Provider>();
    AccessStores.forEach(
        given,
        StoreKeys.given(source.sourceId(), source.sourceType()),
        (productId, value) -> {
          // Where an older version took a type with a bar, others may begin with this one.
          if (StoreKeys.isOnePart(productId) && !productId.equals(butFor)) {
            found.add(new Provider(productId, isNow(value)));
          }
        });
    return found;
  }

  /** The sources of that id that a product gives or gave, by type. */
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

  /** Before what a product gives is changed: its entries are of the newer form after this. */
  void prepare(String productId) {
    if (mayHaveOld()
        && sources(productId).keySet().stream().anyMatch(s -> hasOld(productId, s.sourceId()))) {
      convert(productId);
    }
  }

  /**
   * Once for a task, before anything is written: looks whether an older version has left what it
   * cannot be told from which of two sources a user has.
   *
   * @throws IllegalStateException when it has; it says what to do
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

  /** Makes entries of the older form new, up to about so many. */
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

  /** What a product gives or gave, and whether it does so now. */
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
                      + " member of both. An older version took them for one source, so that it"
                      + " cannot be told which of the two its commands have granted. Nothing was"
                      + " changed. Start the older version again, remove the source from one of the"
                      + " two products (DataSourcesReplaced), wait until its sweep has ended, start"
                      + " this version, and add the source again")
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

  /** Takes a source and a product that has it, or gave it at a revision that is still needed. */
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
