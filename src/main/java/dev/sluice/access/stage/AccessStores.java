package dev.sluice.access.stage;

import dev.sluice.avro.internal.StoredProductCopy;
import dev.sluice.avro.internal.StoredSweep;
import dev.sluice.avro.internal.StoredUserAccess;
import dev.sluice.serde.SingleObjectSerde;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The access stage's stores: their names, contents and common operations. */
final class AccessStores {

  /** productId → the newest revision of the product, while it has a member here. */
  static final String PRODUCTS = "product-copies";

  /** productId|revision → an older revision that a sweep still needs. */
  static final String REVISIONS = "product-revisions";

  /**
   * sourceId|sourceType|productId, for each source that a revision in one of the two stores gives.
   */
  static final String GIVEN = "given-sources";

  /** productId → progress of its newest revision, while a sweep is in progress. */
  static final String SWEEPS = "sweeps";

  /** userId|productId. */
  static final String MEMBERSHIPS = "memberships";

  /** productId|userId → the revision to which the member was settled ahead of a sweep, if any. */
  static final String MEMBERS = "members";

  /**
   * Three entries: the revision of the last command, the offset of the last update, and the form of
   * {@link #GIVEN}.
   */
  static final String REVISION = "command-revision";

  /** userId → the part of the user's access that is withheld, for deactivated users. */
  static final String WITHHELD_USERS = "deactivated-users";

  /**
   * userId|sourceId|sourceType of sources beyond a user's boundary that the user gained while being
   * deactivated.
   */
  static final String WITHHELD_SOURCES = "withheld-sources";

  private static final StringSerializer PREFIX = new StringSerializer();

  private AccessStores() {}

  static Set<StoreBuilder<?>> builders(Function<String, KeyValueBytesStoreSupplier> kind) {
    var text = Serdes.String();
    var bytes = Serdes.ByteArray();
    var copies = new SingleObjectSerde<>(StoredProductCopy.class);
    return Set.of(
        Stores.keyValueStoreBuilder(kind.apply(PRODUCTS), text, copies),
        Stores.keyValueStoreBuilder(kind.apply(REVISIONS), text, copies),
        Stores.keyValueStoreBuilder(kind.apply(GIVEN), text, bytes),
        Stores.keyValueStoreBuilder(
            kind.apply(SWEEPS), text, new SingleObjectSerde<>(StoredSweep.class)),
        Stores.keyValueStoreBuilder(
            kind.apply(WITHHELD_USERS), text, new SingleObjectSerde<>(StoredUserAccess.class)),
        Stores.keyValueStoreBuilder(kind.apply(WITHHELD_SOURCES), text, bytes),
        Stores.keyValueStoreBuilder(kind.apply(MEMBERSHIPS), text, bytes),
        Stores.keyValueStoreBuilder(kind.apply(MEMBERS), text, bytes),
        // Written with every update, but only the value at a commit matters.
        Stores.keyValueStoreBuilder(kind.apply(REVISION), text, Serdes.Long())
            .withCachingEnabled());
  }

  static <V> KeyValueStore<String, V> of(ProcessorContext<?, ?> context, String name) {
    return context.getStateStore(name);
  }

  /** Returns the rests of the keys that begin with the prefix. */
  static List<String> suffixes(KeyValueStore<String, byte[]> store, String prefix) {
    var found = new ArrayList<String>();
    forEach(store, prefix, (suffix, value) -> found.add(suffix));
    return found;
  }

  /** Visits the entries whose keys begin with the prefix, with the rest of each key. */
  static void forEach(
      KeyValueStore<String, byte[]> store, String prefix, BiConsumer<String, byte[]> visitor) {
    try (var entries = store.prefixScan(prefix, PREFIX)) {
      while (entries.hasNext()) {
        var entry = entries.next();
        visitor.accept(entry.key.substring(prefix.length()), entry.value);
      }
    }
  }
}
