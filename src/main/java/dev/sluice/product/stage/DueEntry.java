package dev.sluice.product.stage;

import dev.sluice.keys.StoreKeys;
import dev.sluice.product.Due;

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

  static DueEntry of(String key) {
    return new DueEntry(
        key,
        StoreKeys.dueMs(key),
        Due.Kind.of(StoreKeys.dueKind(key)),
        StoreKeys.dueProduct(key),
        StoreKeys.dueRequest(key));
  }
}
