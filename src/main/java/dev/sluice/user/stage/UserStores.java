package dev.sluice.user.stage;

import dev.sluice.avro.internal.StoredUser;
import dev.sluice.keys.StoreKeys;
import dev.sluice.product.SeenEvents;
import dev.sluice.serde.SingleObjectSerde;
import dev.sluice.user.User;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The user stage's state. */
final class UserStores {

  /** userId → user, for those who are not {@linkplain User#isUnknown() like one without events}. */
  static final String USERS = "users";

  /** One entry, {@link StoreKeys#USER_EVENT_READ}: the offset of the last event. */
  static final String READ = "user-events-read";

  private final KeyValueStore<String, StoredUser> users;
  private final KeyValueStore<String, Long> read;

  UserStores(ProcessorContext<?, ?> context) {
    users = context.getStateStore(USERS);
    read = context.getStateStore(READ);
  }

  static Set<StoreBuilder<?>> builders(Function<String, KeyValueBytesStoreSupplier> kind) {
    var text = Serdes.String();
    return Set.of(
        Stores.keyValueStoreBuilder(
            kind.apply(USERS), text, new SingleObjectSerde<>(StoredUser.class)),
        // Written with every event, but only the value at a commit matters.
        Stores.keyValueStoreBuilder(kind.apply(READ), text, Serdes.Long()).withCachingEnabled());
  }

  User user(String userId) {
    var stored = users.get(userId);
    return stored == null
        ? User.unknown(userId)
        : new User(
            userId,
            stored.getActive(),
            new SeenEvents(
                stored.getLastSequence(),
                stored.getSequencesSeen(),
                "",
                stored.getSequenceEvents()));
  }

  void put(User user) {
    if (user.isUnknown()) {
      users.delete(user.userId());
      return;
    }
    var seen = user.seenEvents();
    users.put(
        user.userId(),
        new StoredUser(user.active(), seen.lastSequence(), seen.seen(), seen.eventHashes()));
  }

  /** Records that the event at that offset is processed. */
  void read(long offset) {
    read.put(StoreKeys.USER_EVENT_READ, offset);
  }
}
