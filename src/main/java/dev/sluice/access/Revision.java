package dev.sluice.access;

import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;
import dev.sluice.update.SourceRef;
import java.util.SortedSet;

/**
 * A product at one of its revisions, and the revision's cause.
 *
 * @param deleted whether the product is deleted
 * @param position the position in the order of all updates
 */
public record Revision(ProductSnapshot copy, boolean deleted, Trigger cause, long position) {

  /** Returns the revision's number. */
  public long number() {
    return copy.revision();
  }

  /** Returns the sources that members get through the product at this revision. */
  public SortedSet<SourceRef> provided() {
    return copy.provided();
  }

  /**
   * Returns the reason of a grant for a source that this revision gives and the one before did not.
   */
  CommandReason gaining(Revision before) {
    return before.copy.active() ? CommandReason.SOURCE_ADDED : CommandReason.PRODUCT_RESUMED;
  }

  /**
   * Returns the reason of a revocation for a source that the revision before gave and this one does
   * not.
   */
  CommandReason losing() {
    if (deleted) {
      return CommandReason.PRODUCT_DELETED;
    }
    return copy.active() ? CommandReason.SOURCE_REMOVED : CommandReason.PRODUCT_SUSPENDED;
  }
}
