package dev.sluice.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.delivery.Result;
import dev.sluice.delivery.ResultOutcome;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories: commands in order, a platform that fails, crashes between any two steps. The
 * naive oracle knows the newest command of each pair, and nothing about how it is carried out.
 */
class ExecutorHistoriesTest {
  private static final int SEEDS = Integer.getInteger("sluice.seeds", 100);
  private static final int STEPS = 400;
  private static final int USERS = 12;
  private static final int SOURCES = 3;
  private static final List<String> REASONS =
      List.of("PRODUCT_SUSPENDED", "SOURCE_REMOVED", "USER_DEACTIVATED", "ACCESS_EXPIRED");

  static LongStream seeds() {
    var one = Long.getLong("sluice.seed");
    return one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
  }

  /** The process: what a crash takes, and what it leaves. */
  private static final class Machine {
    final ExecutorRules rules;
    final FakePlatform platform;
    final List<Command> input = new ArrayList<>();
    final List<Result> results = new ArrayList<>();
    private List<PairState> committed = List.of();
    private int committedOffset;
    private int offset;
    MemoryPairs pairs = new MemoryPairs();
    ExecutorWork work;

    Machine(ExecutorRules rules, FakePlatform platform) {
      this.rules = rules;
      this.platform = platform;
      work = new ExecutorWork(rules, pairs);
    }

    void commit() {
      for (var result : work.commit()) {
        results.add(result);
      }
      committed = pairs.all();
      committedOffset = offset;
    }

    void crash() {
      pairs = new MemoryPairs();
      committed.forEach(pairs::put);
      pairs.commit();
      work = new ExecutorWork(rules, pairs);
      offset = committedOffset;
    }

    boolean read(long nowMs) {
      if (offset == input.size()) {
        return false;
      }
      work.accept(input.get(offset++), nowMs);
      return true;
    }

    /** Returns whether there was something to do. */
    boolean step(long nowMs) {
      var step = work.next(nowMs);
      if (step == null) {
        return false;
      }
      assertThat(step.pairs()).isNotEmpty().hasSizeLessThanOrEqualTo(rules.batchMax());
      assertThat(step.pairs().stream().map(pair -> pair.desired().source()).distinct()).hasSize(1);
      switch (step) {
        case Step.Look look -> look(look, nowMs);
        case Step.Run run -> run(run, nowMs);
      }
      return true;
    }

    private void look(Step.Look step, long nowMs) {
      var found = new HashMap<String, Finding>();
      for (var pair : step.pairs()) {
        found.put(
            pair.key(),
            pair.desired().userId().equals("u0")
                ? Finding.of(new Trouble(Scope.USER, Remedy.NONE, "NO_MAPPING", "no name"))
                : Finding.of(Commands.place(pair.desired()), platform.access(pair.key())));
      }
      work.looked(step, found, nowMs);
    }

    private void run(Step.Run step, long nowMs) {
      var trouble = platform.run(step);
      // As the runner does for a REVOKE of one user whom the platform does not know.
      var isOfMissing =
          trouble != null
              && trouble.remedy() == Remedy.TIME_THEN_PERSON
              && step.action() == CommandAction.REVOKE
              && step.pairs().size() == 1;
      if (trouble != null && !isOfMissing) {
        work.failed(step, trouble, nowMs);
        return;
      }
      var after = new HashMap<String, Access>();
      step.pairs().forEach(pair -> after.put(pair.key(), platform.access(pair.key())));
      work.ran(step, after, nowMs);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldCarryOutTheNewestCommandAndNothingElse(long seed) {
    var random = new Random(seed);
    var platform = new FakePlatform(random);
    var brake = random.nextBoolean() ? new BrakeLimits(4, 0, 0, 5_000) : BrakeLimits.OFF;
    var machine =
        new Machine(Commands.rules(1 + random.nextInt(6), brake, BrakeLimits.OFF), platform);
    platform.missingUsers.add("u1");
    for (int source = 0; source < SOURCES; source++) {
      platform.before.add("u2|PostgreSQL|s" + source);
    }

    var newest = new HashMap<String, Command>();
    long nowMs = 0;
    for (int i = 0; i < STEPS; i++) {
      switch (random.nextInt(10)) {
        case 0, 1 -> {
          var command = command(random, i + 1, newest);
          machine.input.add(command);
          newest.put(command.key(), command);
        }
        case 2, 3 -> machine.read(nowMs);
        case 4, 5, 6 -> machine.step(nowMs);
        case 7 -> machine.commit();
        case 8 -> nowMs += random.nextInt(3_000);
        default -> {
          if (random.nextInt(4) == 0) {
            machine.crash();
          }
        }
      }
      checkConfirmed(machine, platform);
    }

    platform.isFaulty = false;
    nowMs = settle(machine, nowMs);
    if (brake != BrakeLimits.OFF) {
      machine.work.release(null, Integer.MAX_VALUE, nowMs);
      machine.commit();
      nowMs = settle(machine, nowMs);
    }
    newest.values().forEach(command -> checkEnd(command, machine, platform));
  }

  private static Command command(Random random, long revision, Map<String, Command> newest) {
    var user = "u" + random.nextInt(USERS);
    var source = "s" + random.nextInt(SOURCES);
    var last = newest.get(user + "|PostgreSQL|" + source);
    // As the worker alternates; at times it begins anew, with another epoch.
    var epoch = last == null ? 0 : last.number().epoch() + (random.nextInt(20) == 0 ? 1 : 0);
    var isGrant = last == null || last.action() == CommandAction.REVOKE;
    return new Command(
        user,
        Commands.source(source),
        isGrant ? CommandAction.GRANT : CommandAction.REVOKE,
        new CommandNumber(epoch, last != null && epoch > last.number().epoch() ? 1 : revision),
        "p",
        isGrant ? "ACCESS_APPROVED" : REASONS.get(random.nextInt(REASONS.size())),
        revision);
  }

  /** Lets everything end that ends by itself. */
  private static long settle(Machine machine, long fromMs) {
    long nowMs = fromMs;
    for (int round = 0; round < 40; round++) {
      var moved = true;
      for (int i = 0; moved && i < 10_000; i++) {
        moved = machine.read(nowMs) | machine.step(nowMs);
        machine.commit();
      }
      nowMs += 120_000;
    }
    return nowMs;
  }

  /** A result that was committed is true at that time; access changes only by later commands. */
  private static void checkConfirmed(Machine machine, FakePlatform platform) {
    var last = lastResults(machine);
    for (var result : last.values()) {
      var pair = machine.pairs.get(result.key());
      if (result.outcome() == ResultOutcome.APPLIED
          && pair != null
          && pair.phase() == Phase.DONE
          && pair.desired().number().equals(result.number())) {
        assertThat(platform.access(result.key()).effective())
            .as("%s", result)
            .isEqualTo(result.action() == CommandAction.GRANT);
      }
    }
  }

  private static Map<String, Result> lastResults(Machine machine) {
    var last = new HashMap<String, Result>();
    machine.results.forEach(result -> last.put(result.key(), result));
    return last;
  }

  private static void checkEnd(Command command, Machine machine, FakePlatform platform) {
    var result = Objects.requireNonNull(lastResults(machine).get(command.key()), command.key());
    assertThat(result.number()).isEqualTo(command.number());
    var access = platform.access(command.key());
    switch (command.userId()) {
      case "u0" -> assertThat(code(result)).isEqualTo("NO_MAPPING");
      case "u1" -> {
        assertThat(access).isEqualTo(Access.NONE);
        assertThat(result.outcome())
            .isEqualTo(
                command.action() == CommandAction.GRANT
                    ? ResultOutcome.FAILED
                    : ResultOutcome.APPLIED);
      }
      case "u2" -> {
        assertThat(access).isEqualTo(Access.GRANTED);
        assertThat(code(result))
            .isEqualTo(command.action() == CommandAction.GRANT ? null : "NOT_GRANTED_BY_SLUICE");
      }
      default -> {
        assertThat(result.outcome()).as("%s", result).isEqualTo(ResultOutcome.APPLIED);
        assertThat(access.effective()).isEqualTo(command.action() == CommandAction.GRANT);
      }
    }
  }

  private static @Nullable String code(Result result) {
    return result.details().code();
  }

  /** Each result is about a command that was given; the same in every history. */
  @ParameterizedTest
  @MethodSource("seeds")
  void shouldReportInOrderOfNumbers(long seed) {
    var random = new Random(seed);
    var platform = new FakePlatform(random);
    var machine = new Machine(Commands.rules(3, BrakeLimits.OFF, BrakeLimits.OFF), platform);
    var newest = new HashMap<String, Command>();
    for (int i = 0; i < 100; i++) {
      var command = command(random, i + 1, newest);
      machine.input.add(command);
      newest.put(command.key(), command);
      machine.read(i);
      machine.step(i);
      machine.commit();
    }
    platform.isFaulty = false;
    settle(machine, 1_000);

    var last = new HashMap<String, CommandNumber>();
    var given = new HashSet<>(machine.input);
    for (var result : machine.results) {
      var before = last.put(result.key(), result.number());
      assertThat(before == null || before.compareTo(result.number()) <= 0).isTrue();
      assertThat(given)
          .anyMatch(
              command ->
                  command.key().equals(result.key()) && command.number().equals(result.number()));
    }
  }
}
