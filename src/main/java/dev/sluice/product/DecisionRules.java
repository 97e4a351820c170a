package dev.sluice.product;

/**
 * Configured rules of decisions.
 *
 * @param places returns the partition where a product's events belong
 * @param sequenceJumpMax maximum distance of a sequence above the last accepted one, at least 1
 * @param selfApproval whether an approver may approve their own request
 */
public record DecisionRules(EventPlacement places, long sequenceJumpMax, boolean selfApproval) {

  /**
   * Default of {@link #sequenceJumpMax}: three years in nanoseconds, the unit that some producers
   * count in.
   */
  public static final long SEQUENCE_JUMP_MAX = 100_000_000_000_000_000L;

  /** Rules that accept events in any partition, with defaults otherwise. */
  public static final DecisionRules DEFAULT =
      new DecisionRules(EventPlacement.ANY, SEQUENCE_JUMP_MAX, false);

  /** Returns the same rules with another placement. */
  public DecisionRules at(EventPlacement others) {
    return new DecisionRules(others, sequenceJumpMax, selfApproval);
  }
}
