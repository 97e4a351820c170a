package dev.sluice.product;

import dev.sluice.keys.StoreKeys;
import java.util.Locale;

/**
 * A change of a request at a point in time.
 *
 * @param atMs the time, in milliseconds since the epoch; not negative
 * @param kind the kind of change
 */
public record Due(long atMs, Kind kind) {

  /** Kinds of changes by time. The letter is part of stored keys. */
  public enum Kind {
    /** A pending request lapses. */
    LAPSE('l'),
    /** The access starts. */
    START('a'),
    /** The access ends. */
    EXPIRY('e'),
    /** The first warning. */
    SOON('s'),
    /** The second warning. */
    VERY_SOON('v');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    /** Returns the name in metrics. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Kind of(char letter) {
      for (var kind : values()) {
        if (kind.letter == letter) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind " + letter);
    }
  }

  /** Returns the key in the index by time. */
  public String key(String productId, String requestId) {
    return StoreKeys.due(atMs, kind.letter, productId, requestId);
  }
}
