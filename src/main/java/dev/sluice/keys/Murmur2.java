package dev.sluice.keys;

/**
 * The hash by which Kafka's Java clients choose a key's partition. Stored state depends on the
 * hash, so this own implementation cannot change with a version of Kafka. (Murmur2 is by Austin
 * Appleby, in the public domain.)
 */
public final class Murmur2 {
  private static final int SEED = 0x9747b28c;
  private static final int M = 0x5bd1e995;
  private static final int R = 24;

  private Murmur2() {}

  /** Returns the partition of a key, from 0, for {@code count} partitions. */
  public static int partition(byte[] key, int count) {
    return (hash(key) & 0x7fffffff) % count;
  }

  /** Returns the hash of a key. */
  static int hash(byte[] key) {
    int h = SEED ^ key.length;
    int whole = key.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int k = little(key, i, 4) * M;
      k ^= k >>> R;
      h = h * M ^ k * M;
    }
    if (whole < key.length) {
      h = (h ^ little(key, whole, key.length - whole)) * M;
    }
    h ^= h >>> 13;
    h *= M;
    return h ^ h >>> 15;
  }

  /** Returns up to four bytes as a number, the lowest first. */
  private static int little(byte[] bytes, int from, int count) {
    int number = 0;
    for (int i = count - 1; i >= 0; i--) {
      number = number << 8 | bytes[from + i] & 0xff;
    }
    return number;
  }
}
