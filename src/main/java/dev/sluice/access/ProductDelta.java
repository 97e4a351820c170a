package dev.sluice.access;

import dev.sluice.update.SourceRef;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedSet;

/**
 * The sources that one product gave a member before, and gives now. Covers any number of the
 * product's revisions, and the member's joining or leaving.
 *
 * @param before the sources that the product gave
 * @param after the sources that the product gives
 * @param causes for each source that is in only one of the two: the revision or membership change
 *     that last added or removed the source
 */
public record ProductDelta(
    String productId,
    SortedSet<SourceRef> before,
    SortedSet<SourceRef> after,
    Map<SourceRef, ChangeCause> causes) {

  private static final SortedSet<SourceRef> NOTHING = Collections.emptySortedSet();

  /**
   * Returns the delta from the first of the product's revisions to the last; there is at least one.
   */
  public static ProductDelta over(String productId, Iterator<Revision> revisions) {
    var first = revisions.next();
    var changeCauses = new HashMap<SourceRef, ChangeCause>();
    var last = first;
    while (revisions.hasNext()) {
      var next = revisions.next();
      var lost = new ChangeCause(productId, next.losing(), next.cause(), next.position());
      var gained = new ChangeCause(productId, next.gaining(last), next.cause(), next.position());
      recordCauses(last.provided(), next.provided(), lost, changeCauses);
      recordCauses(next.provided(), last.provided(), gained, changeCauses);
      last = next;
    }
    return new ProductDelta(productId, first.provided(), last.provided(), changeCauses);
  }

  private static void recordCauses(
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

  /** Returns the delta of a user who becomes a member and gains all sources of the product. */
  public static ProductDelta joined(Revision now, ChangeCause changeCause) {
    var changeCauses = new HashMap<SourceRef, ChangeCause>();
    recordCauses(now.provided(), NOTHING, changeCause, changeCauses);
    return new ProductDelta(changeCause.productId(), NOTHING, now.provided(), changeCauses);
  }

  /** Returns this delta followed by the member's leaving, which loses all sources. */
  public ProductDelta left(ChangeCause changeCause) {
    var all = new HashMap<>(causes);
    recordCauses(after, NOTHING, changeCause, all);
    return new ProductDelta(productId, before, NOTHING, all);
  }

  /** Returns the size, in sources. */
  int size() {
    return before.size() + after.size();
  }
}
