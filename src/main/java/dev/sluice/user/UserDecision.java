package dev.sluice.user;

import dev.sluice.contract.RejectionReason;
import dev.sluice.update.AccessUpdate.UserChanged;

/** The effect of an event about a user. */
public sealed interface UserDecision {

  /**
   * A change.
   *
   * @param user the user after the event
   * @param update the message for the access stage
   */
  record Applied(User user, UserChanged update) implements UserDecision {}

  /**
   * An event that asks for what already holds.
   *
   * @param user the user after the event: at most the last sequence differs
   */
  record NoOp(User user) implements UserDecision {}

  /** An event whose sequence was accepted before. */
  record Duplicate() implements UserDecision {}

  /**
   * An invalid event, which changes nothing.
   *
   * @param message the fault, naming the thing
   * @param remedy the advice for the producer or operator
   */
  record Rejected(RejectionReason reason, String message, String remedy) implements UserDecision {}
}
