package dev.sluice.product;

/**
 * An entry of the index by time.
 *
 * @param key as it is stored: time|kind|productId|requestId
 * @param atMs when, in milliseconds since the epoch
 * @param kind what falls due
 * @param productId of which product
 * @param requestId of which request
 */
record DueEntry(String key, long atMs, Due.Kind kind, String productId, String requestId) {

  /** Reads a key. Ids hold no '|'. */
  static DueEntry of(String key) {
    int ids = Due.TIME_DIGITS + 3;
    int between = key.indexOf('|', ids);
    return new DueEntry(
        key,
        Due.timeOf(key),
        Due.Kind.of(key.charAt(Due.TIME_DIGITS + 1)),
        key.substring(ids, between),
        key.substring(between + 1));
  }
}
