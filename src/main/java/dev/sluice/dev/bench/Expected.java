package dev.sluice.dev.bench;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Expected number of commands of approvals: a source that a user already has is not granted again.
 */
final class Expected {
  private final List<BitSet> products;
  private final Map<Integer, BitSet> users = new HashMap<>();

  /** Creates the expectation for products with these sources. */
  Expected(List<List<Integer>> sourcesOfProducts) {
    products =
        sourcesOfProducts.stream()
            .map(
                sources -> {
                  var set = new BitSet();
                  sources.forEach(set::set);
                  return set;
                })
            .toList();
  }

  /** Makes a user a member of a product; returns the number of newly granted sources. */
  int approved(int user, int product) {
    var has = users.computeIfAbsent(user, unused -> new BitSet());
    var before = has.cardinality();
    has.or(products.get(product));
    return has.cardinality() - before;
  }
}
