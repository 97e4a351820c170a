package dev.sluice.product;

import java.util.HexFormat;
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

  private static final HexFormat HEX = HexFormat.of();

  /** Digits of a time in a key. */
  static final int TIME_DIGITS = 16;

  /** Sorts as the time does. */
  String key() {
    return HEX.toHexDigits(atMs) + '|' + kind.letter;
  }

  /** The time in a key. */
  static long timeOf(String key) {
    return HexFormat.fromHexDigitsToLong(key, 0, TIME_DIGITS);
  }

  /** Above every key of that time and before. */
  static String keyAfter(long ms) {
    return HEX.toHexDigits(ms) + '}';
  }
}
