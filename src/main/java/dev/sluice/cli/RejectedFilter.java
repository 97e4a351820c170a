package dev.sluice.cli;

import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** Which rejected events are shown; without an option, all. */
final class RejectedFilter {
  @Option(
      names = "--reason",
      split = ",",
      paramLabel = "REASON",
      description = "With --rejected: only events that were rejected for one of these reasons.")
  private Set<String> reasons = new TreeSet<>();

  @Option(
      names = "--type",
      split = ",",
      paramLabel = "TYPE",
      description = "With --rejected: only events of these types, such as AccessRevoked.")
  private Set<String> types = new TreeSet<>();

  @Option(
      names = "--product",
      paramLabel = "ID",
      description = "With --rejected: only events of this product; may be given again.")
  private Set<String> products = new TreeSet<>();

  boolean isGiven() {
    return !(reasons.isEmpty() && types.isEmpty() && products.isEmpty());
  }

  boolean passes(RejectedEvent rejected) {
    return passes(reasons, rejected.reason())
        && passes(types, rejected.type())
        && passes(products, rejected.key());
  }

  private static boolean passes(
      Set<String> wanted, @org.jspecify.annotations.Nullable String value) {
    return wanted.isEmpty()
        || value != null && wanted.stream().anyMatch(one -> one.equalsIgnoreCase(value));
  }
}
