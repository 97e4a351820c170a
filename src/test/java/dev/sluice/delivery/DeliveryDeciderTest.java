package dev.sluice.delivery;

import static dev.sluice.delivery.Deliveries.applied;
import static dev.sluice.delivery.Deliveries.command;
import static dev.sluice.delivery.Deliveries.failed;
import static dev.sluice.delivery.Deliveries.held;
import static dev.sluice.delivery.Deliveries.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryDecision.CommandEffect;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryDeciderTest {
  private static final long HOLD_MS = 1_000;
  private static final Deadlines DEADLINES = new Deadlines(900, 300);

  private final DeliveryDecider decider = new DeliveryDecider(DEADLINES, HOLD_MS);

  private static Outstanding outstanding(Command command) {
    return Outstanding.of(command);
  }

  private DeliveryDecision read(@Nullable Outstanding before, Result result, long nowMs) {
    return decider.result(before, null, result, nowMs);
  }

  /** Returns what is outstanding, which must not be nothing. */
  private static Outstanding left(DeliveryDecision decision) {
    return Objects.requireNonNull(decision.outstanding());
  }

  private static EarlyResult early(Result result, long readAtMs) {
    return new EarlyResult(result, readAtMs);
  }

  @Test
  void shouldBePendingSinceItsCommand() {
    var decision = decider.command(null, null, command(1, 100), 150);

    assertThat(decision.outstanding())
        .isEqualTo(
            new Outstanding(command(1, 100), DeliveryState.PENDING, 100, null, ResultDetails.NONE));
    assertThat(decision.effect()).isEqualTo(CommandEffect.APPLIED);
    assertThat(decision.counted()).isEmpty();
  }

  @Test
  void shouldEndWithAnAppliedResultAndTellHowLongItTook() {
    var decision = read(outstanding(command(1, 100)), applied(command(1, 100), 130), 150);

    assertThat(decision.outstanding()).isNull();
    assertThat(decision.early()).isNull();
    assertThat(decision.counted()).containsExactly(CountedResult.APPLIED);
    assertThat(decision.confirmed()).isEqualTo(CommandAction.GRANT);
    assertThat(decision.confirmedAfterMs()).isEqualTo(30);
  }

  @Test
  void shouldTakeAResultForNoOlderThanItsCommandAndNoYoungerThanNow() {
    var command = command(1, 100);

    assertThat(read(outstanding(command), applied(command, 5), 150).confirmedAfterMs()).isZero();
    assertThat(read(outstanding(command), applied(command, 170), 150).confirmedAfterMs())
        .isEqualTo(50);
  }

  @Test
  void shouldBeReplacedByANewerCommandOnly() {
    var second = outstanding(command(2, 200));

    var newer = decider.command(second, null, command(3, 150), 300);
    var same = decider.command(second, null, command(2, 200), 300);
    var older = decider.command(second, null, command(1, 100), 300);

    assertThat(newer.outstanding()).isEqualTo(outstanding(command(3, 150)));
    assertThat(same.outstanding()).isEqualTo(second);
    assertThat(same.effect()).isEqualTo(CommandEffect.REPEATED);
    assertThat(older.outstanding()).isEqualTo(second);
    assertThat(older.effect()).isEqualTo(CommandEffect.SUPERSEDED);
  }

  @Test
  void shouldOrderByEpochBeforeRevision() {
    var old = outstanding(command(0, 1_000, 100));

    var decision = decider.command(old, null, command(1, 1, 200), 300);

    assertThat(decision.outstanding()).isEqualTo(outstanding(command(1, 1, 200)));
    assertThat(
            read(decision.outstanding(), applied(command(0, 1_000, 100), 250), 300).outstanding())
        .isNotNull();
  }

  /** A newer command comes with a deadline of its own. */
  @Test
  void shouldForgetThatTheCommandBeforeWasOverdue() {
    var late = decider.overdue(outstanding(command(2, 100)), 400);

    assertThat(decider.command(late, null, command(3, 400), 400).outstanding())
        .isEqualTo(outstanding(command(3, 400)));
  }

  @Test
  void shouldFailAsTheClassOfTheErrorSays() {
    var before = outstanding(command(1, 100));

    for (var of : ErrorClass.values()) {
      var decision = read(before, failed(command(1, 100), of, "no", 130), 150);
      var after = left(decision);

      assertThat(after.state())
          .isEqualTo(of == ErrorClass.RETRYING ? DeliveryState.RETRYING : DeliveryState.FAILED);
      assertThat(after.last().errorClass()).isEqualTo(of);
      assertThat(after.sinceMs()).isEqualTo(130);
      assertThat(decision.counted())
          .containsExactly(
              of == ErrorClass.RETRYING ? CountedResult.RETRYING : CountedResult.FAILED);
    }
    var without = left(read(before, failed(command(1, 100), null, "no", 130), 150));
    assertThat(without.state()).isEqualTo(DeliveryState.FAILED);
    assertThat(without.last().errorClass()).isEqualTo(ErrorClass.OTHER);
  }

  @Test
  void shouldBeHeldAndRetriedAndFailedInAnyOrder() {
    var command = command(2, 100);
    var held = left(read(outstanding(command), held(command, 110), 150));
    var retried = left(read(held, failed(command, ErrorClass.RETRYING, "busy", 120), 150));
    var heldAgain = read(retried, held(command, 130), 150);

    assertThat(held.state()).isEqualTo(DeliveryState.HELD);
    assertThat(held.last().errorClass()).isNull();
    assertThat(retried.state()).isEqualTo(DeliveryState.RETRYING);
    assertThat(heldAgain.counted()).containsExactly(CountedResult.HELD);
    assertThat(read(heldAgain.outstanding(), applied(command, 140), 150).outstanding()).isNull();
  }

  @Test
  void shouldStayInAStateSinceItsBeginning() {
    var command = command(1, 100);
    var once =
        read(
                outstanding(command),
                result(command, ResultOutcome.FAILED, ErrorClass.RETRYING, "busy", 1, 110),
                200)
            .outstanding();

    var twice =
        read(once, result(command, ResultOutcome.FAILED, ErrorClass.RETRYING, "busy", 2, 120), 200);

    assertThat(twice.counted()).containsExactly(CountedResult.RETRYING);
    assertThat(left(twice).sinceMs()).isEqualTo(110);
    assertThat(left(twice).last().attempts()).isEqualTo(2);
  }

  @Test
  void shouldChangeNothingWhenAResultComesAgain() {
    var command = command(1, 100);
    var once =
        read(outstanding(command), failed(command, ErrorClass.PERMANENT, "no", 110), 200)
            .outstanding();

    var again = read(once, failed(command, ErrorClass.PERMANENT, "no", 150), 200);

    assertThat(again.outstanding()).isEqualTo(once);
    assertThat(again.counted()).containsExactly(CountedResult.REPEATED);
  }

  @ParameterizedTest
  @EnumSource(ResultOutcome.class)
  void shouldChangeNothingByAResultOfAnEarlierCommand(ResultOutcome outcome) {
    var before = outstanding(command(2, 100));

    var decision = read(before, result(command(1, 50), outcome, null, null, 1, 110), 200);

    assertThat(decision.outstanding()).isEqualTo(before);
    assertThat(decision.early()).isNull();
    assertThat(decision.counted())
        .containsExactly(
            outcome == ResultOutcome.OTHER
                ? CountedResult.UNKNOWN_OUTCOME
                : CountedResult.SUPERSEDED);
  }

  /** Whoever writes a number that was never commanded must not end a revocation. */
  @Test
  void shouldKeepTheCommandWhenAResultIsAboveIt() {
    var before = outstanding(command(2, 100));
    var above = applied(command(Long.MAX_VALUE - 1, 100), 110);

    var decision = read(before, above, 200);

    assertThat(decision.outstanding()).isEqualTo(before);
    assertThat(decision.early()).isEqualTo(early(above, 200));
    assertThat(decision.counted()).isEmpty();
  }

  @Test
  void shouldApplyAnEarlyResultWhenItsCommandComes() {
    var command = command(2, 100);
    var early = read(outstanding(command(1, 50)), applied(command, 110), 200).early();

    var decision = decider.command(outstanding(command(1, 50)), early, command, 210);

    assertThat(decision.outstanding()).isNull();
    assertThat(decision.early()).isNull();
    assertThat(decision.counted()).containsExactly(CountedResult.APPLIED);
    assertThat(decision.confirmed()).isEqualTo(CommandAction.REVOKE);
    assertThat(decision.confirmedAfterMs()).isEqualTo(10);
  }

  @Test
  void shouldKeepAnEarlyResultForALaterCommand() {
    var third = early(applied(command(3, 100), 110), 150);

    var decision = decider.command(null, third, command(2, 90), 200);

    assertThat(decision.outstanding()).isEqualTo(outstanding(command(2, 90)));
    assertThat(decision.early()).isEqualTo(third);
    assertThat(decision.counted()).isEmpty();
  }

  @Test
  void shouldDropAnEarlyResultThatIsBelowTheCommand() {
    var first = early(applied(command(1, 100), 110), 150);

    var decision = decider.command(null, first, command(2, 120), 200);

    assertThat(decision.outstanding()).isEqualTo(outstanding(command(2, 120)));
    assertThat(decision.early()).isNull();
    assertThat(decision.counted()).containsExactly(CountedResult.SUPERSEDED);
  }

  @Test
  void shouldKeepTheHighestOfSeveralEarlyResults() {
    var second = early(held(command(2, 100), 110), 150);
    var third = applied(command(3, 100), 120);

    var higher = decider.result(null, second, third, 200);
    var lower = decider.result(null, early(third, 200), held(command(2, 100), 110), 210);

    assertThat(higher.early()).isEqualTo(early(third, 200));
    assertThat(higher.counted()).containsExactly(CountedResult.SUPERSEDED);
    assertThat(lower.early()).isEqualTo(early(third, 200));
    assertThat(lower.counted()).containsExactly(CountedResult.SUPERSEDED);
  }

  @Test
  void shouldKeepTheLastOfSeveralEarlyResultsOfACommandButNothingAfterApplied() {
    var command = command(2, 100);
    var held = early(held(command, 110), 150);

    assertThat(decider.result(null, held, held(command, 115), 160).early()).isEqualTo(held);
    assertThat(decider.result(null, held, held(command, 115), 160).counted())
        .containsExactly(CountedResult.REPEATED);
    var applied = decider.result(null, held, applied(command, 120), 170);
    assertThat(applied.early()).isEqualTo(early(applied(command, 120), 170));
    assertThat(applied.counted()).containsExactly(CountedResult.SUPERSEDED);
    var after = decider.result(null, applied.early(), held(command, 130), 180);
    assertThat(after.early()).isEqualTo(applied.early());
    assertThat(after.counted()).containsExactly(CountedResult.REPEATED);
  }

  @Test
  void shouldDropAnEarlyResultWhoseCommandDoesNotCome() {
    var early = early(applied(command(1, 100), 110), 500);

    assertThat(decider.isUnmatched(early, 500 + HOLD_MS - 1)).isFalse();
    assertThat(decider.isUnmatched(early, 500 + HOLD_MS)).isTrue();
  }

  /** A result about a grant must not end a revocation that has the same number. */
  @Test
  void shouldNotConfirmAnotherAction() {
    var revoke = command(2, 100);
    var grant =
        new Result(
            revoke.userId(),
            revoke.source(),
            CommandAction.GRANT,
            revoke.number(),
            ResultOutcome.APPLIED,
            ResultDetails.NONE,
            120);

    var decision = read(outstanding(revoke), grant, 200);

    assertThat(decision.outstanding()).isEqualTo(outstanding(revoke));
    assertThat(decision.counted()).containsExactly(CountedResult.WRONG_ACTION);
  }

  @Test
  void shouldBeOverdueFromTheMomentOfItsDeadlineWhateverItsState() {
    var revoke = outstanding(command(2, 100));
    var failed = left(read(revoke, failed(command(2, 100), ErrorClass.RETRYING, "busy", 120), 130));

    assertThat(decider.overdue(revoke, 399)).isNull();
    var overdue = Objects.requireNonNull(decider.overdue(failed, 1_000));
    assertThat(overdue.overdueSinceMs()).isEqualTo(400);
    assertThat(overdue.state()).isEqualTo(DeliveryState.RETRYING);
    assertThat(decider.overdue(overdue, 2_000)).isNull();
    assertThat(decider.overdue(outstanding(command(1, 100)), 999)).isNull();
    assertThat(decider.overdue(outstanding(command(1, 100)), 1_000)).isNotNull();
  }

  @Test
  void shouldCutLongTextsBetweenCharacters() {
    var long1 = "x".repeat(998) + "😀😀😀";
    var details =
        ResultDetails.of(ResultOutcome.FAILED, ErrorClass.PERMANENT, long1, long1, -7, long1);

    assertThat(details.code()).hasSize(100).endsWith("…");
    assertThat(details.message()).isEqualTo("x".repeat(998) + "…");
    assertThat(details.executor()).hasSize(200);
    assertThat(details.attempts()).isEqualTo(1);
    assertThat(
            ResultDetails.of(ResultOutcome.HELD, ErrorClass.OTHER, null, null, 2_000_000_000, null))
        .isEqualTo(new ResultDetails(null, null, null, 1_000_000, null));
  }

  @Test
  void shouldTakeATimeForTheFutureOnlyBeyondWhatClocksDiffer() {
    var result = applied(command(1, 0), 1_000_000);

    assertThat(result.isFromFuture(1_000_000 - Result.FUTURE_MAX_MS)).isFalse();
    assertThat(result.isFromFuture(1_000_000 - Result.FUTURE_MAX_MS - 1)).isTrue();
    assertThat(result.at(Long.MIN_VALUE).isFromFuture(1)).isFalse();
    assertThat(result.at(Long.MAX_VALUE).isFromFuture(1)).isTrue();
  }
}
