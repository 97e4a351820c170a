package dev.sluice.user;

import static dev.sluice.user.UserEvents.deactivated;
import static dev.sluice.user.UserEvents.reactivated;
import static dev.sluice.user.UserEvents.sequenced;
import static dev.sluice.user.UserEvents.withId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Events;
import dev.sluice.event.UserEvent;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.EventPlacement.Misplaced;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.AccessUpdate.UserChanged;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UserDeciderTest {
  private final UserDecider decider = new UserDecider(DecisionRules.DEFAULT);

  private UserDecision decide(User user, UserEvent event) {
    return decider.decide(user.userId(), 0, user, event);
  }

  private static RejectionReason reason(UserDecision decision) {
    return ((UserDecision.Rejected) decision).reason();
  }

  @Test
  void shouldTellTheAccessStageWhoIsDeactivatedAndWhy() {
    var decision = decide(User.unknown("ana"), deactivated("ana", "left"));

    var applied = (UserDecision.Applied) decision;
    assertThat(applied.user().active()).isFalse();
    assertThat(applied.update())
        .isEqualTo(
            new UserChanged(
                "ana",
                new Trigger("UserDeactivated-ana", Events.NOON.toEpochMilli()),
                false,
                "left"));
  }

  @Test
  void shouldForgetAUserWhoIsActiveAgainAndHadNoSequence() {
    var left = ((UserDecision.Applied) decide(User.unknown("ana"), deactivated("ana"))).user();
    var back = ((UserDecision.Applied) decide(left, reactivated("ana"))).user();

    assertThat(left.isUnknown()).isFalse();
    assertThat(back.isUnknown()).isTrue();
  }

  /** Otherwise an older deactivation that comes late would be taken for a new one. */
  @Test
  void shouldRememberTheSequenceOfAUserWhoWasNeverDeactivated() {
    var user =
        ((UserDecision.NoOp) decide(User.unknown("ana"), sequenced(5, reactivated("ana")))).user();

    assertThat(user.isUnknown()).isFalse();
    assertThat(reason(decide(user, sequenced(4, deactivated("ana")))))
        .isEqualTo(RejectionReason.OUT_OF_ORDER);
  }

  @Test
  void shouldRejectAnEventUnderAnotherKey() {
    assertThat(key("ben")).isEqualTo(RejectionReason.INVALID_ID);
    assertThat(key(null)).isEqualTo(RejectionReason.INVALID_ID);
  }

  private RejectionReason key(@Nullable String key) {
    return reason(decider.decide(key, 0, User.unknown("ana"), deactivated("ana")));
  }

  @Test
  void shouldRejectIdsThatNoCommandCouldHave() {
    assertThat(reason(decide(User.unknown("a|b"), deactivated("a|b"))))
        .isEqualTo(RejectionReason.INVALID_ID);
    assertThat(reason(decide(User.unknown("ana"), withId(" ", deactivated("ana")))))
        .isEqualTo(RejectionReason.INVALID_ID);
  }

  /** An older version may have accepted it for a membership, which must be revocable. */
  @Test
  void shouldTakeTheIdOfAUserThatANewRequestCouldNotHave() {
    assertThat(decide(User.unknown(" ana"), deactivated(" ana")))
        .isInstanceOf(UserDecision.Applied.class);
  }

  @Test
  void shouldRejectAnEventInAnotherPartition() {
    var strict =
        new UserDecider(DecisionRules.DEFAULT.at((id, at) -> new Misplaced("not here", "go")));

    assertThat(strict.decide("ana", 1, User.unknown("ana"), deactivated("ana")))
        .isEqualTo(new UserDecision.Rejected(RejectionReason.WRONG_PARTITION, "not here", "go"));
  }
}
