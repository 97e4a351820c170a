package dev.sluice.access;

import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;
import dev.sluice.update.SourceRef;
import java.util.SortedSet;

/**
 * A product at one of its revisions, and what made it so.
 *
 * @param deleted whether the product is gone for good
 * @param position its place in the order of all updates
 */
public record Revision(ProductSnapshot copy, boolean deleted, Trigger cause, long position) {

  /** Its number. */
  public long number() {
    return copy.revision();
  }

  /** The sources that members get through the product at this revision. */
  public SortedSet<SourceRef> provided() {
    return copy.provided();
  }

  /** Why a member gains what this revision gives and the one before did not. */
  CommandReason gaining(Revision before) {
    return before.copy.active() ? CommandReason.SOURCE_ADDED : CommandReason.PRODUCT_RESUMED;
  }

  /** Why a member loses what this revision does not give and the one before did. */
  CommandReason losing() {
    if (deleted) {
      return CommandReason.PRODUCT_DELETED;
    }
    return copy.active() ? CommandReason.SOURCE_REMOVED : CommandReason.PRODUCT_SUSPENDED;
  }
}
