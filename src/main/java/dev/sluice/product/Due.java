package dev.sluice.product;

import dev.sluice.keys.StoreKeys;
import java.util.Locale;

/**
 * Something that happens to a request when its time has come.
 *
 * @param atMs when, in milliseconds since the epoch; not negative
 * @param kind what
 */
public record Due(long atMs, Kind kind) {

  /** What happens. The letter stands in keys. */
  public enum Kind {
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

  /** The key in the index by time. */
  public String key(String productId, String requestId) {
    return StoreKeys.due(atMs, kind.letter, productId, requestId);
  }
}
