package dev.sluice.dev.bench;

/**
 * Ids of a measurement's users and sources, of usual length; those of one kind have the same
 * length.
 */
final class Names {
  private static final int USER_AT = "user-".length();
  private static final int USER_DIGITS = 9;
  private static final int SOURCE_DIGITS = 5;

  /** Number of different sources. */
  static final int SOURCES = 100_000;

  private Names() {}

  /** Returns the id of a user. */
  static String user(long number) {
    return "user-" + digits(number, USER_DIGITS) + "@example.org";
  }

  /** Returns the id of a source. */
  static String source(long number) {
    return "warehouse.sales.customer_orders_" + digits(number, SOURCE_DIGITS);
  }

  /**
   * Returns the number of the user in a command's key, {@code userId|sourceType|sourceId} in bytes.
   */
  static int userOf(byte[] key) {
    return number(key, USER_AT, USER_AT + USER_DIGITS);
  }

  /** Returns the number of the source in a command's key. */
  static int sourceOf(byte[] key) {
    return number(key, key.length - SOURCE_DIGITS, key.length);
  }

  private static int number(byte[] key, int from, int to) {
    var number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + key[i] - '0';
    }
    return number;
  }

  /** Replaces the user in a command's key. */
  static void putUser(byte[] key, long number) {
    var left = number;
    for (int i = USER_AT + USER_DIGITS - 1; i >= USER_AT; i--) {
      key[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  /** Replaces the source in a command's key. */
  static void putSource(byte[] key, int number) {
    var left = number;
    for (int i = key.length - 1; i >= key.length - SOURCE_DIGITS; i--) {
      key[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  private static String digits(long number, int count) {
    var text = Long.toString(number);
    return "0".repeat(count - text.length()) + text;
  }
}
