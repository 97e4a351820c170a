package dev.sluice.access.stage;

import dev.sluice.access.Withholding;
import dev.sluice.avro.internal.StoredUserAccess;
import dev.sluice.keys.StoreKeys;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The users of one task whose access is withheld, wholly or in part. A task without such users
 * reads no store for a user.
 */
final class WithheldUsers {
  private static final byte[] PRESENT = {};

  /** Stands for a number that is not counted. */
  private static final long MANY = Long.MAX_VALUE / 2;

  private final KeyValueStore<String, StoredUserAccess> store;
  private final KeyValueStore<String, byte[]> sources;
  private final UserFilter filter;

  /** Users whose boundary moves. */
  private final TreeSet<String> moving = new TreeSet<>(StoreKeys.ORDER);

  private boolean read;
  private long count;

  private String lastId = "";
  private @Nullable Withholding last;

  /** Creates the view of the task itself, which reads the whole store once. */
  WithheldUsers(TaskStores stores) {
    this(stores, new UserFilter());
  }

  private WithheldUsers(TaskStores stores, UserFilter filter) {
    store = stores.get(AccessStores.WITHHELD_USERS);
    sources = stores.get(AccessStores.WITHHELD_SOURCES);
    this.filter = filter;
  }

  /**
   * Returns a view for a few questions, which reads each user's entry. It does not know whose
   * boundary moves.
   */
  static WithheldUsers unread(TaskStores stores) {
    var users = new WithheldUsers(stores, UserFilter.full());
    users.read = true;
    try (var entries = users.store.all()) {
      users.count = entries.hasNext() ? MANY : 0;
    }
    return users;
  }

  private void readAll() {
    if (read) {
      return;
    }
    read = true;
    try (var entries = store.all()) {
      while (entries.hasNext()) {
        var entry = entries.next();
        count++;
        filter.add(entry.key);
        if (!AccessAvro.fromAvro(entry.value).isDone()) {
          moving.add(entry.key);
        }
      }
    }
  }

  /** Returns whether all access of all users is given as products give it. */
  boolean isEmpty() {
    readAll();
    return count == 0;
  }

  /** Returns the part of a user's access that is withheld; null for none. */
  @SuppressWarnings("ReferenceEquality") // one string for all commands of a member
  @Nullable Withholding get(String userId) {
    if (isEmpty()) {
      return null;
    }
    if (lastId == userId) {
      return last;
    }
    lastId = userId;
    last = filter.mayContain(userId) ? stored(userId) : null;
    return last;
  }

  private @Nullable Withholding stored(String userId) {
    var stored = store.get(userId);
    return stored == null ? null : AccessAvro.fromAvro(stored);
  }

  void put(String userId, Withholding withholding) {
    readAll();
    if (get(userId) == null) {
      count++;
      filter.add(userId);
    }
    store.put(userId, AccessAvro.toAvro(withholding));
    remember(userId, withholding);
    if (withholding.isDone()) {
      moving.remove(userId);
    } else {
      moving.add(userId);
    }
  }

  /** Forgets a user whose access is given as products give it. */
  void remove(String userId) {
    if (get(userId) == null) {
      return;
    }
    store.delete(userId);
    remember(userId, null);
    moving.remove(userId);
    if (--count == 0) {
      filter.clear();
    }
  }

  private void remember(String userId, @Nullable Withholding withholding) {
    lastId = userId;
    last = withholding;
  }

  /** Returns whether a boundary moves. */
  boolean isMoving() {
    readAll();
    return !moving.isEmpty();
  }

  /** Returns the number of users whose access is withheld, wholly or in part. */
  long count() {
    readAll();
    return count;
  }

  /** Returns the number of users whose boundary moves. */
  int movingCount() {
    readAll();
    return moving.size();
  }

  /** Returns the user that follows the given one, round robin; null if no boundary moves. */
  @Nullable String movingAfter(String userId) {
    if (!isMoving()) {
      return null;
    }
    var next = moving.higher(userId);
    return next == null ? moving.first() : next;
  }

  /**
   * Returns whether a source beyond the boundary is withheld, because the user gained the source
   * while being deactivated.
   */
  boolean isWithheld(String userId, SourceRef source) {
    return sources.get(key(userId, source)) != null;
  }

  void withhold(String userId, SourceRef source) {
    sources.put(key(userId, source), PRESENT);
  }

  void release(String userId, SourceRef source) {
    sources.delete(key(userId, source));
  }

  /** Returns sources of {@link #isWithheld}, in the order of their keys, up to a maximum. */
  List<SourceRef> withheld(String userId, int max) {
    var found = new ArrayList<SourceRef>();
    var prefix = StoreKeys.of(userId);
    try (var entries = sources.range(prefix, StoreKeys.end(userId))) {
      while (entries.hasNext() && found.size() < max) {
        var source = entries.next().key.substring(prefix.length());
        // An older version accepted types with a bar, never ids.
        var bar = source.indexOf('|');
        found.add(new SourceRef(source.substring(0, bar), source.substring(bar + 1)));
      }
    }
    return found;
  }

  private static String key(String userId, SourceRef source) {
    return StoreKeys.withheld(userId, source.sourceId(), source.sourceType());
  }
}
