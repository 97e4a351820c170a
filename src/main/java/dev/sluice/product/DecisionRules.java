package dev.sluice.product;

/**
 * What an installation has chosen about decisions.
 *
 * @param places knows where a product's events belong
 * @param sequenceJumpMax by so much a sequence may be above the last accepted one, at least 1
 * @param selfApproval whether an approver may approve their own request
 */
public record DecisionRules(EventPlacement places, long sequenceJumpMax, boolean selfApproval) {

  /** Default of {@link #sequenceJumpMax}: three years in nanoseconds, which some count by. */
  public static final long SEQUENCE_JUMP_MAX = 100_000_000_000_000_000L;

  /** With events from anywhere, and the defaults else. */
  public static final DecisionRules DEFAULT =
      new DecisionRules(EventPlacement.ANY, SEQUENCE_JUMP_MAX, false);

  /** The same with other places. */
  public DecisionRules at(EventPlacement others) {
    return new DecisionRules(others, sequenceJumpMax, selfApproval);
  }
}
