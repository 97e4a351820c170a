package dev.sluice.access.stage;

import dev.sluice.access.Withholding;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;

/** The sources that a settled user's products give, with the first product that gives each. */
final class HeldSources {

  /**
   * A source that a user's products give.
   *
   * @param productId of the products that give the source, the first by id
   */
  record Held(SourceRef source, String productId) {}

  private final ProductRevisionStore copies;
  private final Memberships memberships;

  HeldSources(ProductRevisionStore copies, Memberships memberships) {
    this.copies = copies;
    this.memberships = memberships;
  }

  /** Returns the products that the user is a member of, by id. */
  List<String> productsOf(String userId) {
    return memberships.productsOf(userId);
  }

  /**
   * Returns one source of a user.
   *
   * @throws IllegalStateException if no product gives the source
   */
  Held of(String userId, SourceRef source) {
    for (var productId : memberships.productsOf(userId)) {
      if (copies.provides(productId, source)) {
        return new Held(source, productId);
      }
    }
    throw new IllegalStateException("no product gives " + source + " to user " + userId);
  }

  /**
   * Returns the sources beyond a user's boundary, in the order in which the boundary passes them.
   *
   * @param productIds the user's products, by id
   * @param max maximum number of sources
   */
  List<Held> beyond(List<String> productIds, Withholding withholding, int max) {
    var order =
        withholding.active()
            ? Collections.<SourceRef>reverseOrder()
            : java.util.Comparator.<SourceRef>naturalOrder();
    var first = new TreeMap<SourceRef, String>(order);
    for (var productId : productIds) {
      var newest = copies.newest(productId);
      if (newest == null) {
        throw new IllegalStateException("membership of the unknown product " + productId);
      }
      for (var source : beyond(newest.provided(), withholding)) {
        if (first.size() >= max && order.compare(source, first.lastKey()) > 0) {
          break;
        }
        first.putIfAbsent(source, productId);
        if (first.size() > max) {
          first.pollLastEntry();
        }
      }
    }
    var held = new ArrayList<Held>(first.size());
    first.forEach((source, productId) -> held.add(new Held(source, productId)));
    return held;
  }

  private static Iterable<SourceRef> beyond(SortedSet<SourceRef> sources, Withholding withholding) {
    var boundary = withholding.boundary();
    if (boundary == null) {
      return withholding.active() ? sources.reversed() : sources;
    }
    if (withholding.active()) {
      var below = sources.headSet(boundary).reversed();
      return withholding.inclusive() && sources.contains(boundary) ? with(boundary, below) : below;
    }
    var above = sources.tailSet(boundary);
    if (!above.isEmpty() && above.first().equals(boundary) && withholding.inclusive()) {
      var rest = new ArrayList<>(above);
      return rest.subList(1, rest.size());
    }
    return above;
  }

  private static Iterable<SourceRef> with(SourceRef first, SortedSet<SourceRef> rest) {
    var all = new ArrayList<SourceRef>(1 + rest.size());
    all.add(first);
    all.addAll(rest);
    return all;
  }
}
