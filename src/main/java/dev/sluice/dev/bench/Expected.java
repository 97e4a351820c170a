package dev.sluice.dev.bench;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many commands approvals must come to: a source that a user has already is not given again.
 */
final class Expected {
  private final List<BitSet> products;
  private final Map<Integer, BitSet> users = new HashMap<>();

  /** For products that give the sources of those numbers. */
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

  /** A user becomes a member of a product; the answer is how many sources are new to them. */
  int approved(int user, int product) {
    var has = users.computeIfAbsent(user, unused -> new BitSet());
    var before = has.cardinality();
    has.or(products.get(product));
    return has.cardinality() - before;
  }
}
