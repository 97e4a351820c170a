package dev.sluice.user;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.UserEvent;
import dev.sluice.event.UserPayload;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.EventIds;
import dev.sluice.product.SequenceRules;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.AccessUpdate.UserChanged;
import dev.sluice.user.UserDecision.Applied;
import dev.sluice.user.UserDecision.Duplicate;
import dev.sluice.user.UserDecision.NoOp;
import dev.sluice.user.UserDecision.Rejected;
import org.jspecify.annotations.Nullable;

/**
 * Decides the effect of an event on a user, by the rules that hold for events about products. Pure:
 * the same user and event give the same decision.
 */
public final class UserDecider {
  private final DecisionRules rules;
  private final SequenceRules sequenceRules;

  /** Creates a decider whose rules accept the places of user-events. */
  public UserDecider(DecisionRules rules) {
    this.rules = rules;
    sequenceRules = new SequenceRules(rules.sequenceJumpMax());
  }

  /**
   * Decides one event.
   *
   * @param key the record's key; null if it is missing, or not text
   * @param partition the record's partition
   * @param user the user that the event names; {@link User#unknown} without earlier events
   */
  public UserDecision decide(@Nullable String key, int partition, User user, UserEvent event) {
    var misplaced = misplaced(key, partition, event);
    if (misplaced != null) {
      return misplaced;
    }
    if (SequenceRules.isRepeated(event, user.seenEvents())) {
      return new Duplicate();
    }
    var wrong = sequenceRules.wrong(event, user.seenEvents());
    if (wrong != null) {
      return new Rejected(wrong.reason(), wrong.message(), wrong.remedy());
    }
    var active =
        switch (event.payload()) {
          case UserPayload.UserDeactivated p -> false;
          case UserPayload.UserReactivated p -> true;
        };
    var after =
        new User(
            user.userId(), active, user.seenEvents().accepted(event.sequence(), event.eventId()));
    return active == user.active() ? new NoOp(after) : new Applied(after, update(event, active));
  }

  private static UserChanged update(UserEvent event, boolean active) {
    var trigger = new Trigger(event.eventId(), event.occurredAt().toEpochMilli());
    return new UserChanged(event.userId(), trigger, active, event.payload().reason());
  }

  private @Nullable Rejected misplaced(@Nullable String key, int partition, UserEvent event) {
    var problem = EventIds.problem(event);
    if (problem != null) {
      return new Rejected(RejectionReason.INVALID_ID, problem, RejectionReason.INVALID_ID.remedy());
    }
    var keyProblem = EventIds.keyProblem(key, event);
    if (keyProblem != null) {
      return new Rejected(
          RejectionReason.INVALID_ID,
          keyProblem,
          "Key the record by its userId, as UTF-8, and send it again.");
    }
    var place = rules.places().check(event.userId(), partition);
    return place == null
        ? null
        : new Rejected(RejectionReason.WRONG_PARTITION, place.wrong(), place.remedy());
  }
}
