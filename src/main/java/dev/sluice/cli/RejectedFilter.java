package dev.sluice.cli;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that select rejected events or events; without an option, all. */
final class RejectedFilter {
  @Option(
      names = "--reason",
      split = ",",
      paramLabel = "REASON",
      description = "With --rejected: only events rejected for one of these reasons.")
  private Set<String> reasons = new TreeSet<>();

  @Option(
      names = "--type",
      split = ",",
      paramLabel = "TYPE",
      description =
          "With --rejected or --events: only events of these types, such as AccessRevoked.")
  private Set<String> types = new TreeSet<>();

  @Option(
      names = "--product",
      paramLabel = "ID",
      description = "With --rejected or --events: only events of this product. Repeatable.")
  private Set<String> products = new TreeSet<>();

  boolean isSet() {
    return !(reasons.isEmpty() && types.isEmpty() && products.isEmpty());
  }

  boolean hasReasons() {
    return !reasons.isEmpty();
  }

  boolean passes(RejectedEvent rejected) {
    return passes(reasons, rejected.reason()) && passes(rejected.type(), rejected.key());
  }

  /** Returns whether an event passes by its type and its product. */
  boolean passes(@Nullable String type, @Nullable String productId) {
    return passes(types, type) && passes(products, productId);
  }

  private static boolean passes(Set<String> wanted, @Nullable String value) {
    return wanted.isEmpty()
        || value != null && wanted.stream().anyMatch(one -> one.equalsIgnoreCase(value));
  }
}
