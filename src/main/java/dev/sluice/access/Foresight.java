package dev.sluice.access;

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
public record Foresight(
    long grants,
    long revokes,
    long users,
    List<SourceRef> sources,
    List<Foreseen> firstGrants,
    List<Foreseen> firstRevokes,
    boolean complete) {

  /** A command that would come. */
  public record Foreseen(String userId, SourceRef source, String productId, CommandReason reason) {}
}
