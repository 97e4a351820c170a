package dev.sluice.contract;

import java.util.List;

/**
 * Names of the public topics.
 *
 * @param prefix the common beginning of all names; may be empty
 */
public record Topics(String prefix) {

  /** Returns the input topic: events about products and requests, by productId. */
  public String productEvents() {
    return prefix + "product-events";
  }

  /** Returns the output topic of GRANT and REVOKE commands, by userId|sourceId. */
  public String accessCommands() {
    return prefix + "access-commands";
  }

  /** Returns the output topic of each product's newest status, by productId. */
  public String productStatus() {
    return prefix + "product-status";
  }

  /** Returns the output topic of each request's newest status, by requestId. */
  public String requestStatus() {
    return prefix + "request-status";
  }

  /** Returns the output topic of rejected events in their original form. */
  public String rejectedEvents() {
    return prefix + "rejected-events";
  }

  /** Returns all names, the input first. */
  public List<String> all() {
    return List.of(
        productEvents(), accessCommands(), productStatus(), requestStatus(), rejectedEvents());
  }
}
