package dev.sluice.access;

import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedSet;

/**
 * What one product gave a member and what it gives now, over any number of its revisions and, it
 * may be, the member's coming or going.
 *
 * @param before the sources that it gave
 * @param after the sources that it gives
 * @param origins by source, for each that is in one of the two only: what turned it last
 */
public record Move(
    String productId,
    SortedSet<SourceRef> before,
    SortedSet<SourceRef> after,
    Map<SourceRef, Origin> origins) {

  private static final SortedSet<SourceRef> NOTHING = Collections.emptySortedSet();

  /** From the first of the product's revisions to the last; there is at least one. */
  public static Move over(String productId, Iterator<Revision> revisions) {
    var first = revisions.next();
    var origins = new HashMap<SourceRef, Origin>();
    var last = first;
    while (revisions.hasNext()) {
      var next = revisions.next();
      var lost = new Origin(productId, next.losing(), next.cause(), next.position());
      var gained = new Origin(productId, next.gaining(last), next.cause(), next.position());
      turned(last.given(), next.given(), lost, origins);
      turned(next.given(), last.given(), gained, origins);
      last = next;
    }
    return new Move(productId, first.given(), last.given(), origins);
  }

  private static void turned(
      SortedSet<SourceRef> in,
      SortedSet<SourceRef> notIn,
      Origin origin,
      Map<SourceRef, Origin> origins) {
    for (var source : in) {
      if (!notIn.contains(source)) {
        origins.put(source, origin);
      }
    }
  }

  /** A user becomes a member and gains all that the product gives now. */
  public static Move joined(Revision now, Origin origin) {
    var origins = new HashMap<SourceRef, Origin>();
    turned(now.given(), NOTHING, origin, origins);
    return new Move(origin.productId(), NOTHING, now.given(), origins);
  }

  /** After this, the member leaves and loses all. */
  public Move left(Origin origin) {
    var all = new HashMap<>(origins);
    turned(after, NOTHING, origin, all);
    return new Move(productId, before, NOTHING, all);
  }

  /** How much it holds, in sources. */
  int size() {
    return before.size() + after.size();
  }
}
