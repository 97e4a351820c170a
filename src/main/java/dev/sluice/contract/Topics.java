package dev.sluice.contract;

import java.util.List;

/**
 * The names of the public topics.
 *
 * @param prefix what every name starts with; may be empty
 */
public record Topics(String prefix) {

  /** Input: what happened to products and requests, by productId. */
  public String productEvents() {
    return prefix + "product-events";
  }

  /** Output: GRANT and REVOKE, by userId|sourceId. */
  public String accessCommands() {
    return prefix + "access-commands";
  }

  /** Output: the newest status of each product, by productId. */
  public String productStatus() {
    return prefix + "product-status";
  }

  /** Output: the newest status of each request, by requestId. */
  public String requestStatus() {
    return prefix + "request-status";
  }

  /** Output: events that were not accepted, as they came. */
  public String rejectedEvents() {
    return prefix + "rejected-events";
  }

  /** All of them, the input first. */
  public List<String> all() {
    return List.of(
        productEvents(), accessCommands(), productStatus(), requestStatus(), rejectedEvents());
  }
}
