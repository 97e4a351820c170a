package dev.sluice.product.stage;

import dev.sluice.keys.StoreKeys;
import dev.sluice.limits.TaskCache;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Bloom filter of the users with an approved request of a product, over a task's store {@link
 * ProductStores#APPROVED}. It answers most questions about users without one, who would otherwise
 * cost a scan of the store. A user whose requests have ended may stay in the filter, which costs
 * that scan again.
 *
 * <p>The store's entries are read after the start, in portions. Until all are, every user may have
 * an approved request. A filter that is full is built again at twice the size, up to a share of
 * {@link TaskCache}; beyond that there is none. For the task's thread.
 */
final class ApprovedUsers {
  /** Maximum number of entries that a portion reads. */
  static final int PORTION_MAX = 2_000;

  /**
   * Fewest bits per user: at most one in a hundred users without an approved request is not
   * recognized. A new filter has up to four times as many.
   */
  private static final int USER_BITS = 10;

  private static final int PROBES = 7;
  private static final int USERS_MIN = 1 << 13;

  private static final long HASH_START = 0xcbf29ce484222325L;
  private static final long HASH_FACTOR = 0x100000001b3L;

  private final ReadOnlyKeyValueStore<String, byte[]> approved;
  private final long usersMax;
  private final int portionMax;

  private long[] bits = {};
  private long capacity;
  private long users;
  private boolean begun;

  /** The last key that was read; empty before the first. */
  private String last = "";

  private boolean complete;

  /** Creates a filter that knows nothing yet; reads nothing. */
  ApprovedUsers(ReadOnlyKeyValueStore<String, byte[]> approved) {
    this(approved, TaskCache.bytes() / 4L * Byte.SIZE / USER_BITS, PORTION_MAX);
  }

  /** Creates a filter with other limits. */
  ApprovedUsers(ReadOnlyKeyValueStore<String, byte[]> approved, long usersMax, int portionMax) {
    this.approved = approved;
    this.usersMax = usersMax;
    this.portionMax = portionMax;
  }

  /**
   * Returns false if a user certainly has no approved request of a product.
   *
   * @param prefix the prefix of such requests' keys
   */
  boolean mayContain(String prefix) {
    return !complete || contains(hash(prefix, prefix.length()));
  }

  /**
   * Adds the user of an entry that is being stored.
   *
   * @param key the entry's key; one of another request is ignored
   */
  void add(String key) {
    var end = StoreKeys.approvedEnd(key);
    if (capacity > 0 && end > 0) {
      add(hash(key, end));
    }
  }

  /** Reads the first portion of the store, unless that has been done. */
  void begin() {
    if (!begun) {
      read();
    }
  }

  /** Reads one more portion of the store, unless all is read. */
  void read() {
    if (!begun) {
      begun = true;
      resize(Math.max(USERS_MIN, approved.approximateNumEntries()));
    }
    if (complete || capacity == 0) {
      return;
    }
    int read = 0;
    try (var entries =
        last.isEmpty() ? approved.all() : approved.range(StoreKeys.after(last), StoreKeys.LAST)) {
      while (entries.hasNext()) {
        if (read++ == portionMax) {
          return;
        }
        last = entries.next().key;
        add(last);
        if (last.isEmpty()) {
          return; // the filter was full, and begins again
        }
      }
    }
    complete = capacity > 0;
  }

  /** Begins an empty filter with room for twice as many users, or gives up. */
  private void resize(long usersNow) {
    capacity = usersNow > usersMax ? 0 : Math.min(2 * usersNow, usersMax);
    // A power of two, so that a hash becomes a place without a division.
    var words = capacity == 0 ? 0 : Long.highestOneBit(capacity * USER_BITS - 1) * 2 / Long.SIZE;
    bits = new long[Math.toIntExact(words)];
    users = 0;
    last = "";
    complete = false;
  }

  private void add(long hash) {
    var changed = false;
    var step = step(hash);
    for (int i = 0; i < PROBES; i++) {
      var place = place(hash + i * step);
      var bit = 1L << place;
      var word = (int) (place >>> 6);
      changed |= (bits[word] & bit) == 0;
      bits[word] |= bit;
    }
    if (changed && ++users > capacity) {
      resize(users);
    }
  }

  private boolean contains(long hash) {
    var step = step(hash);
    for (int i = 0; i < PROBES; i++) {
      var place = place(hash + i * step);
      if ((bits[(int) (place >>> 6)] & 1L << place) == 0) {
        return false;
      }
    }
    return true;
  }

  private long place(long hash) {
    return hash & ((long) bits.length * Long.SIZE - 1);
  }

  private static long step(long hash) {
    return hash >>> 32 | 1;
  }

  /** Returns the hash of a text's first characters: FNV-1a, by characters. */
  private static long hash(String text, int end) {
    var hash = HASH_START;
    for (int i = 0; i < end; i++) {
      hash = (hash ^ text.charAt(i)) * HASH_FACTOR;
    }
    return mixed(hash);
  }

  /** Spreads a hash over all bits, as MurmurHash3 does in the end. */
  private static long mixed(long hash) {
    var mixed = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }
}
