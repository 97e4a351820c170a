package dev.sluice.access;

import dev.sluice.update.CommandReason;
import dev.sluice.update.SourceRef;
import java.util.List;

/**
 * Commands that updates would cause in one task.
 *
 * @param grants number of GRANTs
 * @param revokes number of REVOKEs
 * @param users number of affected users
 * @param sources the affected sources
 * @param firstGrants some of the GRANTs
 * @param firstRevokes some of the REVOKEs
 * @param complete whether the result covers everything; else the work exceeded its limit
 */
public record PreviewResult(
    long grants,
    long revokes,
    long users,
    List<SourceRef> sources,
    List<PreviewedCommand> firstGrants,
    List<PreviewedCommand> firstRevokes,
    boolean complete) {

  /** A command that would be emitted. */
  public record PreviewedCommand(
      String userId, SourceRef source, String productId, CommandReason reason) {}
}
