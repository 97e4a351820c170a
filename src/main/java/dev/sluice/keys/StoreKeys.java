package dev.sluice.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;

/**
 * Keys of all state stores, and the bounds of ranges over them. A key is text: parts with {@code |}
 * between them. Stores sort keys by their bytes in UTF-8. No id holds {@code |} or a control
 * character, so a part ends at the next bar. NUL, and the character after the bar, bound a range.
 * Keys are part of the stored state: their bytes never change.
 */
public final class StoreKeys {
  /**
   * The entry of store due that holds the offset of the last event that was processed. It sorts
   * after every time, since times are digits.
   */
  public static final String EVENT_READ = "~read";

  /**
   * The entry of store due that says that store product-counters has entries: a task that finds the
   * one without the other has lost them.
   */
  public static final String COUNTERS_APART = "~counters";

  /** The entry of store user-events-read: the offset of the last event about a user. */
  public static final String USER_EVENT_READ = "read";

  /** The entry of store command-revision that holds the offset of the last update processed. */
  public static final String UPDATE_READ = "read";

  /** The entry of store command-revision that holds the revision of the last command. */
  public static final String LAST_REVISION = "last";

  /** The entry of store command-revision that holds the form of store given-sources. */
  public static final String GIVEN_FORM = "given-sources";

  /** The order of keys in stores: by their bytes in UTF-8, not by their characters. */
  public static final Comparator<String> ORDER =
      (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

  /** Sorts after every key, since no id is this long. */
  public static final String LAST = Character.toString(Character.MAX_CODE_POINT).repeat(300);

  private static final HexFormat HEX = HexFormat.of();
  private static final int HEX_DIGITS = 16;
  private static final int DUE_IDS = HEX_DIGITS + 3;
  private static final char BAR = '|';
  private static final char AFTER_BAR = '}';
  private static final char FIRST = '\0';

  private StoreKeys() {}

  // Bounds

  /** Returns the first possible key after the given one. */
  public static String after(String key) {
    return key + FIRST;
  }

  /** Returns a bound after every key that begins with that id. */
  public static String end(String id) {
    return id + AFTER_BAR;
  }

  /** Returns the prefix of every key whose first part is that id, with more parts behind. */
  public static String of(String id) {
    return id + BAR;
  }

  // requests

  public static String request(String productId, String requestId) {
    return productId + BAR + requestId;
  }

  // approved-requests: APPROVED requests, EXPIRED ones behind an empty part, and SCHEDULED ones
  // behind two

  public static String approved(String productId, String userId, String requestId) {
    return approved(productId, userId) + requestId;
  }

  /** Returns the prefix of the user's approved requests. */
  public static String approved(String productId, String userId) {
    return productId + BAR + userId + BAR;
  }

  /**
   * Returns the length of the prefix of the user's approved requests, in the key of one of them; 0
   * for the key of an EXPIRED or SCHEDULED request.
   */
  public static int approvedEnd(String key) {
    var user = key.indexOf(BAR) + 1;
    var end = key.indexOf(BAR, user);
    return end == user ? 0 : end + 1;
  }

  public static String expired(String productId, String userId, long endMs, String requestId) {
    return expiredFrom(productId, userId, endMs) + BAR + requestId;
  }

  public static String scheduled(String productId, String userId, String requestId) {
    return scheduled(productId, userId) + requestId;
  }

  /** Returns the prefix of the user's SCHEDULED requests. */
  public static String scheduled(String productId, String userId) {
    return productId + BAR + BAR + BAR + userId + BAR;
  }

  /** Returns the prefix of the user's EXPIRED requests, which sort by their end. */
  public static String expired(String productId, String userId) {
    return productId + BAR + BAR + userId + BAR;
  }

  /** Returns the lower bound of the user's EXPIRED requests that ended at that time or later. */
  public static String expiredFrom(String productId, String userId, long endMs) {
    // With the sign bit flipped, hexadecimal digits sort like the times, also before 1970.
    return expired(productId, userId) + HEX.toHexDigits(endMs ^ Long.MIN_VALUE);
  }

  /** Returns a bound after every EXPIRED request of the user. */
  public static String expiredEnd(String productId, String userId) {
    return expired(productId, userId) + AFTER_BAR;
  }

  // due: due entries, by time

  /**
   * Returns the key of a due entry.
   *
   * @param atMs its time in milliseconds since the epoch; not negative
   * @param kind the letter of its kind
   */
  public static String due(long atMs, char kind, String productId, String requestId) {
    return HEX.toHexDigits(atMs) + BAR + kind + BAR + productId + BAR + requestId;
  }

  public static long dueMs(String key) {
    return HexFormat.fromHexDigitsToLong(key, 0, HEX_DIGITS);
  }

  public static char dueKind(String key) {
    return key.charAt(HEX_DIGITS + 1);
  }

  public static String dueProduct(String key) {
    return key.substring(DUE_IDS, key.indexOf(BAR, DUE_IDS));
  }

  public static String dueRequest(String key) {
    return key.substring(key.indexOf(BAR, DUE_IDS) + 1);
  }

  /** Returns a bound after every entry that is due at that time or before. */
  public static String dueAfter(long atMs) {
    return HEX.toHexDigits(atMs) + AFTER_BAR;
  }

  // product-revisions

  /** Returns a key that sorts by revision within a product. */
  public static String revision(String productId, long revision) {
    return "%s|%019d".formatted(productId, revision);
  }

  // memberships and members

  public static String membership(String userId, String productId) {
    return userId + BAR + productId;
  }

  public static String member(String productId, String userId) {
    return productId + BAR + userId;
  }

  // withheld-sources

  public static String withheld(String userId, String sourceId, String sourceType) {
    return userId + BAR + sourceId + BAR + sourceType;
  }

  // given-sources

  public static String given(String sourceId, String sourceType, String productId) {
    return given(sourceId, sourceType) + productId;
  }

  /** Returns the prefix of the keys of one source. */
  public static String given(String sourceId, String sourceType) {
    return sourceId + BAR + sourceType + BAR;
  }

  /** Returns the key of an older version, without a type. */
  public static String givenWithoutType(String sourceId, String productId) {
    return sourceId + BAR + productId;
  }

  // outstanding-by-time: action, type of the source, time, key of the command

  public static String outstanding(
      String action, String sourceType, long commandedAtMs, String commandKey) {
    return outstanding(action, sourceType) + HEX.toHexDigits(commandedAtMs) + BAR + commandKey;
  }

  /** Returns the prefix of the commands of one action and type, oldest first. */
  public static String outstanding(String action, String sourceType) {
    return action + BAR + sourceType + BAR;
  }

  /** Returns the prefix that such a key has. */
  public static String outstandingPrefix(String key) {
    return key.substring(0, outstandingTime(key));
  }

  public static long outstandingMs(String key) {
    var at = outstandingTime(key);
    return HexFormat.fromHexDigitsToLong(key, at, at + HEX_DIGITS);
  }

  public static String outstandingCommand(String key) {
    return key.substring(outstandingTime(key) + HEX_DIGITS + 1);
  }

  private static int outstandingTime(String key) {
    return key.indexOf(BAR, key.indexOf(BAR) + 1) + 1;
  }

  /** Returns a bound after every key with that prefix, which ends with a bar. */
  public static String endOf(String prefix) {
    return end(prefix.substring(0, prefix.length() - 1));
  }

  // early-results-by-time: time, key of the command; the time is read by dueMs

  public static String early(long readAtMs, String commandKey) {
    return HEX.toHexDigits(readAtMs) + BAR + commandKey;
  }

  public static String earlyCommand(String key) {
    return key.substring(HEX_DIGITS + 1);
  }

  // Parts

  /** Returns whether a text is one part. */
  public static boolean isOnePart(String text) {
    return text.indexOf(BAR) < 0;
  }

  /** Returns the text before the last bar. */
  public static String beforeLastPart(String key) {
    return key.substring(0, key.lastIndexOf(BAR));
  }

  /** Returns the text after the last bar. */
  public static String lastPart(String key) {
    return key.substring(key.lastIndexOf(BAR) + 1);
  }
}
