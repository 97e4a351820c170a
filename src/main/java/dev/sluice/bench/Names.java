package dev.sluice.bench;

/** Ids of a measurement's users and sources; those of one kind are all of one length. */
final class Names {
  private static final String PREFIX = "user-";
  private static final int USER_DIGITS = 9;

  private Names() {}

  /** The user of that number. */
  static String user(long number) {
    return PREFIX + digits(number, USER_DIGITS) + "@example.org";
  }

  /** The source of that number. */
  static String source(long number) {
    return "warehouse.sales.customer_orders_" + digits(number, 5);
  }

  /** The number of the user in a command's key, {@code userId|sourceId} in bytes. */
  static int userOf(byte[] key) {
    var number = 0;
    for (int i = PREFIX.length(); i < PREFIX.length() + USER_DIGITS; i++) {
      number = number * 10 + key[i] - '0';
    }
    return number;
  }

  /** Writes another user's number over the one in a command's key. */
  static void putUser(byte[] key, long number) {
    var left = number;
    for (int i = PREFIX.length() + USER_DIGITS - 1; i >= PREFIX.length(); i--) {
      key[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  private static String digits(long number, int count) {
    var text = Long.toString(number);
    return "0".repeat(count - text.length()) + text;
  }
}
