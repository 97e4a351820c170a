package dev.sluice.access;

import dev.sluice.access.AccessUpdate.ProductCopy;
import dev.sluice.avro.internal.StoredProductCopy;
import dev.sluice.serde.SingleObjectSerde;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/** The access stage's state: who is a member of what, and what each product gives. */
final class AccessStores {

  /** productId → the product, as long as it has a member here. */
  static final String PRODUCTS = "product-copies";

  /** userId|productId. */
  static final String MEMBERSHIPS = "memberships";

  /** productId|userId. */
  static final String MEMBERS = "members";

  /** sourceId|productId, where the product gives the source to its members now. */
  static final String GIVEN = "given-sources";

  /** One entry: the revision of the last command. */
  static final String REVISION = "command-revision";

  private static final byte[] PRESENT = {};
  private static final StringSerializer PREFIX = new StringSerializer();
  private static final String LAST = "last";

  private final KeyValueStore<String, StoredProductCopy> products;
  private final KeyValueStore<String, byte[]> memberships;
  private final KeyValueStore<String, byte[]> members;
  private final KeyValueStore<String, byte[]> given;
  private final KeyValueStore<String, Long> revision;

  AccessStores(ProcessorContext<?, ?> context) {
    products = context.getStateStore(PRODUCTS);
    memberships = context.getStateStore(MEMBERSHIPS);
    members = context.getStateStore(MEMBERS);
    given = context.getStateStore(GIVEN);
    revision = context.getStateStore(REVISION);
  }

  static Set<StoreBuilder<?>> builders(Function<String, KeyValueBytesStoreSupplier> kind) {
    var text = Serdes.String();
    var bytes = Serdes.ByteArray();
    return Set.of(
        Stores.keyValueStoreBuilder(
            kind.apply(PRODUCTS), text, new SingleObjectSerde<>(StoredProductCopy.class)),
        Stores.keyValueStoreBuilder(kind.apply(MEMBERSHIPS), text, bytes),
        Stores.keyValueStoreBuilder(kind.apply(MEMBERS), text, bytes),
        Stores.keyValueStoreBuilder(kind.apply(GIVEN), text, bytes),
        Stores.keyValueStoreBuilder(kind.apply(REVISION), text, Serdes.Long()));
  }

  @Nullable ProductCopy product(String productId) {
    var stored = products.get(productId);
    return stored == null ? null : AccessAvro.fromAvro(stored);
  }

  /** Stores a product, or forgets it, and keeps the index of what it gives in step. */
  void put(String productId, @Nullable ProductCopy before, @Nullable ProductCopy after) {
    if (after == null) {
      products.delete(productId);
    } else {
      products.put(productId, AccessAvro.toAvro(after));
    }
    if (before != null) {
      for (var sourceId : before.given().keySet()) {
        if (after == null || !after.given().containsKey(sourceId)) {
          given.delete(sourceId + '|' + productId);
        }
      }
    }
    if (after != null) {
      for (var sourceId : after.given().keySet()) {
        if (before == null || !before.given().containsKey(sourceId)) {
          given.put(sourceId + '|' + productId, PRESENT);
        }
      }
    }
  }

  /** Whether the product gives the source to its members now. */
  boolean gives(String productId, String sourceId) {
    return given.get(sourceId + '|' + productId) != null;
  }

  /** The products that give the source to their members now, but for one. */
  List<String> givers(String sourceId, String butFor) {
    var found = suffixes(given, sourceId + '|');
    found.remove(butFor);
    return found;
  }

  boolean isMember(String userId, String productId) {
    return memberships.get(userId + '|' + productId) != null;
  }

  void addMember(String userId, String productId) {
    memberships.put(userId + '|' + productId, PRESENT);
    members.put(productId + '|' + userId, PRESENT);
  }

  void removeMember(String userId, String productId) {
    memberships.delete(userId + '|' + productId);
    members.delete(productId + '|' + userId);
  }

  /** The products that the user is a member of. */
  List<String> productsOf(String userId) {
    return suffixes(memberships, userId + '|');
  }

  /** Visits the product's members by userId; the visitor may remove the one it is at. */
  void forEachMember(String productId, Consumer<String> visitor) {
    var prefix = productId + '|';
    try (var entries = members.prefixScan(prefix, PREFIX)) {
      while (entries.hasNext()) {
        visitor.accept(entries.next().key.substring(prefix.length()));
      }
    }
  }

  private static List<String> suffixes(KeyValueStore<String, byte[]> store, String prefix) {
    var found = new ArrayList<String>();
    try (var entries = store.prefixScan(prefix, PREFIX)) {
      while (entries.hasNext()) {
        found.add(entries.next().key.substring(prefix.length()));
      }
    }
    return found;
  }

  /** Revision of the last command; 0 before the first. */
  long lastRevision() {
    var last = revision.get(LAST);
    return last == null ? 0 : last;
  }

  void lastRevision(long last) {
    revision.put(LAST, last);
  }
}
