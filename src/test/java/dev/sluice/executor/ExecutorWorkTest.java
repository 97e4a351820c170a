package dev.sluice.executor;

import static dev.sluice.executor.Commands.NO_BRAKE;
import static dev.sluice.executor.Commands.grant;
import static dev.sluice.executor.Commands.place;
import static dev.sluice.executor.Commands.revoke;
import static dev.sluice.executor.Commands.rules;
import static dev.sluice.executor.Commands.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.Result;
import dev.sluice.delivery.ResultOutcome;
import dev.sluice.executor.ExecutorWork.Accepted;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExecutorWorkTest {
  private static final Trouble PASSING = trouble(Scope.SOURCE, Remedy.TIME);
  private static final Trouble OF_ONE = trouble(Scope.USER, Remedy.TIME_THEN_PERSON);
  private static final Trouble OF_PLATFORM = trouble(Scope.PLATFORM, Remedy.TIME);

  private final MemoryPairs pairs = new MemoryPairs();
  private ExecutorWork work = new ExecutorWork(rules(100, NO_BRAKE, NO_BRAKE), pairs);

  private static Trouble trouble(Scope scope, Remedy remedy) {
    return new Trouble(scope, remedy, "X0001", "no");
  }

  private static List<String> users(Step step) {
    return step.pairs().stream().map(pair -> pair.desired().userId()).toList();
  }

  private void accept(long nowMs, Command... commands) {
    for (var command : commands) {
      work.accept(command, nowMs);
    }
    work.commit();
  }

  private Step.Run run(long nowMs) {
    if (work.next(nowMs) instanceof Step.Run step) {
      return step;
    }
    throw new AssertionError("no run is due");
  }

  private Step.Look nextLook(long nowMs) {
    if (work.next(nowMs) instanceof Step.Look step) {
      return step;
    }
    throw new AssertionError("no look is due");
  }

  private PairState pair(String key) {
    return Objects.requireNonNull(pairs.get(key));
  }

  /** Looks at everything that is due; nobody has access. */
  private void look(long nowMs) {
    while (work.next(nowMs) instanceof Step.Look step) {
      looked(step, Access.NONE, nowMs);
    }
  }

  private void looked(Step.Look step, Access access, long nowMs) {
    var found = new HashMap<String, Finding>();
    for (var pair : step.pairs()) {
      found.put(pair.key(), Finding.of(place(pair.desired()), access));
    }
    work.looked(step, found, nowMs);
    work.commit();
  }

  private List<Result> ran(Step.Run step, long nowMs) {
    return ran(step, step.action() == CommandAction.GRANT ? Access.GRANTED : Access.NONE, nowMs);
  }

  private List<Result> ran(Step.Run step, Access access, long nowMs) {
    var after = new HashMap<String, Access>();
    step.pairs().forEach(pair -> after.put(pair.key(), access));
    work.ran(step, after, nowMs);
    return work.commit();
  }

  private List<Result> failed(Step step, Trouble trouble, long nowMs) {
    work.failed(step, trouble, nowMs);
    return work.commit();
  }

  @Test
  void shouldLookBeforeItGrants() {
    accept(0, grant("ana", "t", 1));

    assertThat(work.next(0)).isInstanceOf(Step.Look.class);
    look(0);
    var step = run(0);
    assertThat(step.action()).isEqualTo(CommandAction.GRANT);
    assertThat(step.places()).containsExactly(place(grant("ana", "t", 1)));

    var result = ran(step, 5).getFirst();
    assertThat(result.outcome()).isEqualTo(ResultOutcome.APPLIED);
    assertThat(result.number()).isEqualTo(new CommandNumber(0, 1));
    assertThat(result.atMs()).isEqualTo(5);
    assertThat(work.next(1_000_000)).isNull();
  }

  /** A crash must not forget a command that was carried out. */
  @Test
  void shouldDoNothingThatFollowsFromUncommittedState() {
    work.accept(grant("ana", "t", 1), 0);
    assertThat(work.next(0)).isNull();
    work.commit();

    var look = nextLook(0);
    work.looked(
        look,
        Map.of(look.pairs().getFirst().key(), Finding.of(place(grant("ana", "t", 1)), Access.NONE)),
        0);
    assertThat(work.next(0)).isNull();
    work.commit();
    assertThat(work.next(0)).isInstanceOf(Step.Run.class);
  }

  @Test
  void shouldRunOnlyTheNewestCommandOfAPair() {
    accept(0, grant("ana", "t", 1));
    look(0);
    accept(1, revoke("ana", "t", 2));

    var step = run(1);
    assertThat(step.action()).isEqualTo(CommandAction.REVOKE);
    assertThat(ran(step, 2))
        .singleElement()
        .satisfies(r -> assertThat(r.number().revision()).isEqualTo(2));
    assertThat(work.accept(grant("ana", "t", 1), 3)).isEqualTo(Accepted.SUPERSEDED);
    work.commit();
    assertThat(work.next(1_000_000)).isNull();
  }

  @Test
  void shouldReportAgainWhatIsDoneWhenTheCommandComesAgain() {
    accept(0, grant("ana", "t", 1));
    look(0);
    ran(run(0), 0);

    assertThat(work.accept(grant("ana", "t", 1), 9)).isEqualTo(Accepted.REPEATED);
    assertThat(work.commit())
        .singleElement()
        .satisfies(r -> assertThat(r.outcome()).isEqualTo(ResultOutcome.APPLIED));
    assertThat(work.next(9)).isNull();
  }

  @Test
  void shouldNotConfirmACommandThatANewerOneReplacedMeanwhile() {
    accept(0, grant("ana", "t", 1));
    look(0);
    var step = run(0);
    accept(1, revoke("ana", "t", 2));

    assertThat(ran(step, 2)).isEmpty();
    assertThat(run(2).action()).isEqualTo(CommandAction.REVOKE);
  }

  @Test
  void shouldTakeUsersOfOneSourceTogetherUpToTheLimit() {
    work = new ExecutorWork(rules(3, NO_BRAKE, NO_BRAKE), pairs);
    for (int i = 1; i <= 4; i++) {
      accept(i, grant("u" + i, "t", i), grant("u" + i, "other", i));
    }
    look(10);

    assertThat(users(run(10))).hasSize(3);
    ran(run(10), 10);
    assertThat(run(10).pairs().stream().map(p -> p.desired().source()).distinct()).hasSize(1);
  }

  @Test
  void shouldSplitABatchUntilTheFailingUserStandsAlone() {
    for (int i = 1; i <= 8; i++) {
      accept(0, grant("u" + i, "t", i));
    }
    look(0);
    var statements = 0;
    var results = new ArrayList<Result>();
    for (var step = work.next(0); step != null; step = work.next(0)) {
      statements++;
      results.addAll(
          users(step).contains("u6") ? failed(step, OF_ONE, 0) : ran((Step.Run) step, 0));
    }

    assertThat(results).hasSize(8);
    assertThat(results.stream().filter(r -> r.outcome() == ResultOutcome.FAILED))
        .singleElement()
        .satisfies(r -> assertThat(r.userId()).isEqualTo("u6"));
    assertThat(statements).isEqualTo(7);
  }

  @Test
  void shouldNotSplitABatchThatFailsForAllAlike() {
    accept(0, grant("u1", "t", 1), grant("u2", "t", 2));
    look(0);

    var results = failed(run(0), trouble(Scope.SOURCE, Remedy.PERSON), 0);

    assertThat(results)
        .hasSize(2)
        .allSatisfy(r -> assertThat(r.details().errorClass()).isEqualTo(ErrorClass.NEEDS_PERSON));
    assertThat(work.next(0)).isNull();
    assertThat(work.next(600_000)).isNotNull();
  }

  @Test
  void shouldWaitLongerEachTimeAndApart() {
    accept(0, grant("u1", "t", 1), grant("u2", "t", 2));
    look(0);
    failed(run(0), PASSING, 0);

    var first = pair("u1|PostgreSQL|t");
    var second = pair("u2|PostgreSQL|t");
    assertThat(first.nextTryMs()).isBetween(800L, 1_000L);
    assertThat(second.nextTryMs()).isBetween(800L, 1_000L).isNotEqualTo(first.nextTryMs());
    assertThat(work.next(799)).isNull();
    failed(run(1_000), PASSING, 1_000);
    assertThat(pair("u1|PostgreSQL|t").nextTryMs()).isBetween(2_600L, 3_000L);
  }

  @Test
  void shouldStopTryingThePlatformWhenAllOfItFailsAndTryOneStepLater() {
    accept(0, grant("u1", "t", 1), grant("u2", "s", 2));
    look(0);

    assertThat(failed(run(0), OF_PLATFORM, 0)).isEmpty();
    assertThat(work.next(700)).isNull();
    assertThat(work.circuit().last()).isEqualTo(OF_PLATFORM);
    failed(run(1_000), OF_PLATFORM, 1_000);
    assertThat(work.next(2_000)).isNull();
    ran(run(3_000), 3_000);
    assertThat(work.circuit()).isEqualTo(Circuit.CLOSED);
    assertThat(pair("u2|PostgreSQL|s").attempts()).isZero();
    ran(run(3_000), 3_000);
  }

  @Test
  void shouldWaitForAMissingUserAndThenAskForAPerson() {
    accept(0, grant("u1", "t", 1));
    look(0);

    assertThat(failed(run(0), OF_ONE, 0).getFirst().details().errorClass())
        .isEqualTo(ErrorClass.RETRYING);
    look(300_000);
    assertThat(failed(run(300_000), OF_ONE, 300_000).getFirst().details().errorClass())
        .isEqualTo(ErrorClass.NEEDS_PERSON);
  }

  @Test
  void shouldStopACommandThatCanNeverSucceedUntilTheConfigurationChanges() {
    accept(0, grant("u1", "t", 1));
    var look = nextLook(0);
    work.looked(
        look,
        Map.of(look.pairs().getFirst().key(), Finding.of(trouble(Scope.USER, Remedy.NONE))),
        0);
    assertThat(work.commit().getFirst().details().errorClass()).isEqualTo(ErrorClass.PERMANENT);

    assertThat(work.next(Long.MAX_VALUE / 2)).isNull();
    assertThat(work.retryStopped(10, 5)).isEqualTo(1);
    work.commit();
    look(5);
    assertThat(ran(run(5), 5).getFirst().outcome()).isEqualTo(ResultOutcome.APPLIED);
  }

  @Test
  void shouldNotConfirmARevokeWhileTheUserCanRead() {
    accept(0, grant("u1", "t", 1));
    look(0);
    ran(run(0), 0);
    accept(1, revoke("u1", "t", 2));

    var result = ran(run(1), new Access(false, true, "as a member of analysts"), 1).getFirst();

    assertThat(result.outcome()).isEqualTo(ResultOutcome.FAILED);
    assertThat(result.details().errorClass()).isEqualTo(ErrorClass.NEEDS_PERSON);
    assertThat(result.details().code()).isEqualTo("STILL_ACCESS");
    assertThat(result.details().message()).endsWith(": as a member of analysts");
    var again = nextLook(600_001);
    work.looked(
        again,
        Map.of(
            again.pairs().getFirst().key(), Finding.of(place(revoke("u1", "t", 2)), Access.NONE)),
        600_001);
    assertThat(work.commit().getFirst().outcome()).isEqualTo(ResultOutcome.APPLIED);
  }

  @Test
  void shouldNotTakeAccessThatWasThereBefore() {
    accept(0, grant("u1", "t", 1));
    looked(nextLook(0), Access.GRANTED, 0);
    assertThat(pair("u1|PostgreSQL|t").phase()).isEqualTo(Phase.DONE);
    accept(1, revoke("u1", "t", 2));

    var look = nextLook(1);
    work.looked(
        look,
        Map.of(
            look.pairs().getFirst().key(), Finding.of(place(revoke("u1", "t", 2)), Access.GRANTED)),
        1);
    var result = work.commit().getFirst();

    assertThat(result.details().code()).isEqualTo("NOT_GRANTED_BY_SLUICE");
    assertThat(result.details().errorClass()).isEqualTo(ErrorClass.NEEDS_PERSON);
  }

  /** The mapping of names may change between the two. */
  @Test
  void shouldRevokeAtThePlaceWhereItGranted() {
    accept(0, grant("u1", "t", 1));
    look(0);
    ran(run(0), 0);
    accept(1, revoke("u1", "t", 2));

    assertThat(run(1).places()).containsExactly(place(grant("u1", "t", 1)));
  }

  @Test
  void shouldFindTheNamesAnewWhenThePlatformRefusedTheGrant() {
    accept(0, grant("u1", "t", 1));
    look(0);
    failed(run(0), OF_ONE, 0);

    assertThat(work.next(1_000)).isInstanceOf(Step.Look.class);
  }

  // The brake

  private void grantAll(int count, String source) {
    for (int i = 1; i <= count; i++) {
      accept(0, grant("u" + i, source, i));
    }
    look(0);
    while (work.next(0) instanceof Step.Run step) {
      ran(step, 0);
    }
  }

  private void braked(int max, int share) {
    work = new ExecutorWork(rules(100, new BrakeLimits(max, share, 5, 60_000), NO_BRAKE), pairs);
  }

  private List<Result> revokeAll(int count, String source, String reason, long nowMs) {
    IntStream.rangeClosed(1, count)
        .forEach(i -> work.accept(revoke("u" + i, source, 1_000 + i, reason), nowMs));
    work.commit();
    assertThat(work.next(nowMs)).as("waits for others first").isNull();
    var step = work.next(nowMs + 2_000);
    assertThat(step).isNull();
    return work.commit();
  }

  @Test
  void shouldHoldAllOfTooManyRevokesUntilAPersonReleasesThem() {
    braked(10, 0);
    grantAll(12, "t");

    assertThat(revokeAll(11, "t", "SOURCE_REMOVED", 1_000))
        .hasSize(11)
        .allSatisfy(r -> assertThat(r.outcome()).isEqualTo(ResultOutcome.HELD));
    assertThat(work.next(10_000_000)).isNull();
    assertThat(work.release(source("t"), 100, 10_000_000)).isEqualTo(11);
    work.commit();
    assertThat(ran(run(10_000_000), 10_000_000)).hasSize(11);
  }

  @Test
  void shouldLetAsManyPassAsAreAllowed() {
    braked(10, 0);
    grantAll(12, "t");

    assertThat(revokeAll(10, "t", "SOURCE_REMOVED", 1_000)).isEmpty();
    assertThat(run(3_000).pairs()).hasSize(10);
  }

  @Test
  void shouldHoldALargePartButNotAFew() {
    braked(0, 50);
    grantAll(10, "t");
    assertThat(revokeAll(6, "t", "PRODUCT_DELETED", 1_000)).hasSize(6);
    grantAll(4, "small");
    assertThat(revokeAll(4, "small", "PRODUCT_DELETED", 100_000)).isEmpty();
  }

  @Test
  void shouldNeverHoldSuspensionsAndExpiries() {
    braked(1, 1);
    grantAll(8, "t");
    accept(
        1,
        revoke("u1", "t", 1_001, "PRODUCT_SUSPENDED"),
        revoke("u2", "t", 1_002, "ACCESS_EXPIRED"),
        revoke("u3", "t", 1_003, "PRODUCT_SUSPENDED"));

    assertThat(run(1).pairs()).hasSize(3);
  }

  @Test
  void shouldLetANewerCommandOvertakeAHeldOne() {
    braked(1, 0);
    grantAll(2, "t");
    revokeAll(2, "t", "SOURCE_REMOVED", 1_000);
    accept(5_000, grant("u1", "t", 2_000));

    assertThat(ran(run(5_000), 5_000).getFirst().number().revision()).isEqualTo(2_000);
  }

  @Test
  void shouldCountAUserWhoLosesEverythingOnce() {
    work = new ExecutorWork(rules(100, NO_BRAKE, new BrakeLimits(2, 0, 0, 60_000)), pairs);
    accept(0, grant("ana", "a", 1), grant("ana", "b", 2), grant("ana", "c", 3));
    look(0);
    while (work.next(0) instanceof Step.Run step) {
      ran(step, 0);
    }
    accept(
        1,
        revoke("ana", "a", 4, "USER_DEACTIVATED"),
        revoke("ana", "b", 5, "USER_DEACTIVATED"),
        revoke("ana", "c", 6, "USER_DEACTIVATED"));
    work.next(2_001);
    work.commit();

    assertThat(run(2_001).action()).isEqualTo(CommandAction.REVOKE);
  }

  @Test
  void shouldForgetDecidedRevokesAfterTheWindow() {
    braked(3, 0);
    grantAll(6, "t");
    revokeAll(3, "t", "SOURCE_REMOVED", 1_000);
    ran(run(3_000), 3_000);
    work.accept(revoke("u4", "t", 1_004, "SOURCE_REMOVED"), 61_000);
    work.commit();
    work.next(63_000);
    work.commit();

    assertThat(users(run(63_000))).containsExactly("u4");
  }
}
