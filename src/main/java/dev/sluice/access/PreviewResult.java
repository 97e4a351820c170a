package dev.sluice.access;

import dev.sluice.update.CommandReason;
import dev.sluice.update.SourceRef;
import java.util.List;

/**
 * What updates would lead to in one task.
 *
 * @param grants how many GRANTs
 * @param revokes how many REVOKEs
 * @param users how many users are touched
 * @param sources the sources that are touched
 * @param firstGrants some of the GRANTs
 * @param firstRevokes some of the REVOKEs
 * @param complete whether that is all; else the work was too much to be worked out
 */
public record PreviewResult(
    long grants,
    long revokes,
    long users,
    List<SourceRef> sources,
    List<PreviewedCommand> firstGrants,
    List<PreviewedCommand> firstRevokes,
    boolean complete) {

  /** A command that would come. */
  public record PreviewedCommand(
      String userId, SourceRef source, String productId, CommandReason reason) {}
}
