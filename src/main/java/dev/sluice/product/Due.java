package dev.sluice.product;

import dev.sluice.serde.StoreKeys;
import java.util.Locale;

/**
 * Something that happens to a request when its time has come.
 *
 * @param atMs when, in milliseconds since the epoch; not negative
 * @param kind what
 */
record Due(long atMs, Kind kind) {

  /** What happens. The letter stands in keys. */
  enum Kind {
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

    /** How it is called where it is counted. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(char letter) {
      for (var kind : values()) {
        if (kind.letter == letter) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind " + letter);
    }
  }

  /** The key in the index by time. */
  String key(String productId, String requestId) {
    return StoreKeys.due(atMs, kind.letter, productId, requestId);
  }
}
