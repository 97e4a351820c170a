package dev.sluice.access.stage;

import dev.sluice.limits.TaskCache;
import java.util.Arrays;

/**
 * Set of hashes of users, bounded. Answers without a read of a store that a user is not among those
 * that were added, for all but very few users. Beyond the bound every user may be among them.
 */
final class UserFilter {
  private static final int FIRST_SIZE = 64;

  private final int sizeMax;

  /** Hashes by open addressing; 0 stands for an empty place. The length is a power of two. */
  private long[] hashes = new long[FIRST_SIZE];

  private int size;
  private boolean full;

  UserFilter() {
    this(TaskCache.bytes() / (2 * Long.BYTES));
  }

  /** Creates a filter of at most so many users. */
  UserFilter(int sizeMax) {
    this.sizeMax = sizeMax;
  }

  /** Returns a filter that every user passes. */
  static UserFilter full() {
    var filter = new UserFilter(0);
    filter.full = true;
    return filter;
  }

  void add(String userId) {
    if (full) {
      return;
    }
    if (size >= sizeMax) {
      full = true;
      hashes = new long[0];
      return;
    }
    if (2 * size >= hashes.length) {
      grow();
    }
    var hash = hash(userId);
    var place = place(hash);
    if (hashes[place] != hash) {
      hashes[place] = hash;
      size++;
    }
  }

  boolean mayContain(String userId) {
    if (full) {
      return true;
    }
    var hash = hash(userId);
    return hashes[place(hash)] == hash;
  }

  void clear() {
    hashes = new long[FIRST_SIZE];
    size = 0;
    full = false;
  }

  private void grow() {
    var before = hashes;
    hashes = new long[2 * before.length];
    Arrays.stream(before).filter(hash -> hash != 0).forEach(hash -> hashes[place(hash)] = hash);
  }

  /** Returns the place of a hash, or the empty place where it belongs. */
  private int place(long hash) {
    var place = (int) hash & hashes.length - 1;
    while (hashes[place] != 0 && hashes[place] != hash) {
      place = place + 1 & hashes.length - 1;
    }
    return place;
  }

  /** Returns 64 bits: FNV-1a by characters, spread as MurmurHash3 does in the end; never 0. */
  private static long hash(String userId) {
    var hash = 0xcbf29ce484222325L;
    for (int i = 0; i < userId.length(); i++) {
      hash = (hash ^ userId.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 33;
    return hash == 0 ? 1 : hash;
  }
}
