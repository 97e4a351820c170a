package dev.sluice.contract;

import java.util.List;
import java.util.stream.Stream;

/**
 * Names of the public topics.
 *
 * @param prefix the common beginning of all names; may be empty
 */
public record Topics(String prefix) {

  /** Returns the input topic of events about products and requests, by productId. */
  public String productEvents() {
    return prefix + "product-events";
  }

  /** Returns the input topic of events about users, by userId. */
  public String userEvents() {
    return prefix + "user-events";
  }

  /** Returns the output topic of GRANT and REVOKE commands, by userId|sourceType|sourceId. */
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

  /** Returns the topic on which consumers of commands answer, with the commands' keys. */
  public String accessResults() {
    return prefix + "access-results";
  }

  /** Returns the output topic of commands that are not confirmed yet, with the commands' keys. */
  public String accessDelivery() {
    return prefix + "access-delivery";
  }

  /** Returns the names of the input topics. */
  public List<String> inputs() {
    return List.of(productEvents(), userEvents());
  }

  /** Returns the names of the output topics of the worker. */
  public List<String> outputs() {
    return List.of(accessCommands(), productStatus(), requestStatus(), rejectedEvents());
  }

  /** Returns the names of the topics that only delivery needs. */
  public List<String> ofDelivery() {
    return List.of(accessResults(), accessDelivery());
  }

  /** Returns the names of all topics of the worker, the inputs first. */
  public List<String> all() {
    return Stream.concat(inputs().stream(), outputs().stream()).toList();
  }

  /** Returns whether a topic is one of the worker's inputs. */
  public boolean isInput(String topic) {
    return inputs().contains(topic);
  }
}
