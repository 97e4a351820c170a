package dev.sluice.access;

import dev.sluice.update.SourceRef;
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
 * @param causes by source, for each that is in one of the two only: what turned it last
 */
public record ProductDelta(
    String productId,
    SortedSet<SourceRef> before,
    SortedSet<SourceRef> after,
    Map<SourceRef, ChangeCause> causes) {

  private static final SortedSet<SourceRef> NOTHING = Collections.emptySortedSet();

  /** From the first of the product's revisions to the last; there is at least one. */
  public static ProductDelta over(String productId, Iterator<Revision> revisions) {
    var first = revisions.next();
    var changeCauses = new HashMap<SourceRef, ChangeCause>();
    var last = first;
    while (revisions.hasNext()) {
      var next = revisions.next();
      var lost = new ChangeCause(productId, next.losing(), next.cause(), next.position());
      var gained = new ChangeCause(productId, next.gaining(last), next.cause(), next.position());
      turned(last.provided(), next.provided(), lost, changeCauses);
      turned(next.provided(), last.provided(), gained, changeCauses);
      last = next;
    }
    return new ProductDelta(productId, first.provided(), last.provided(), changeCauses);
  }

  private static void turned(
      SortedSet<SourceRef> in,
      SortedSet<SourceRef> notIn,
      ChangeCause changeCause,
      Map<SourceRef, ChangeCause> changeCauses) {
    for (var source : in) {
      if (!notIn.contains(source)) {
        changeCauses.put(source, changeCause);
      }
    }
  }

  /** A user becomes a member and gains all that the product gives now. */
  public static ProductDelta joined(Revision now, ChangeCause changeCause) {
    var changeCauses = new HashMap<SourceRef, ChangeCause>();
    turned(now.provided(), NOTHING, changeCause, changeCauses);
    return new ProductDelta(changeCause.productId(), NOTHING, now.provided(), changeCauses);
  }

  /** After this, the member leaves and loses all. */
  public ProductDelta left(ChangeCause changeCause) {
    var all = new HashMap<>(causes);
    turned(after, NOTHING, changeCause, all);
    return new ProductDelta(productId, before, NOTHING, all);
  }

  /** How much it holds, in sources. */
  int size() {
    return before.size() + after.size();
  }
}
