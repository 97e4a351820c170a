package dev.sluice.product.stage;

import dev.sluice.keys.StoreKeys;
import dev.sluice.product.Due;

/**
 * An entry of the index by time.
 *
 * @param key the stored key: time|kind|productId|requestId
 * @param atMs the due time, in milliseconds since the epoch
 * @param kind the kind of change
 * @param productId the product's id
 * @param requestId the request's id
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
