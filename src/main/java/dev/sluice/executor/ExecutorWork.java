package dev.sluice.executor;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.Result;
import dev.sluice.delivery.ResultDetails;
import dev.sluice.delivery.ResultOutcome;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.update.SourceRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to do on one platform, and what the outcome means. It does nothing itself: the
 * caller asks for a step, takes it, and says how it went. A pair goes this way:
 *
 * <pre>
 *   command ─▶ BRAKE (some revokes) ─▶ LOOK (names; is there access already?) ─▶ REVOKE or GRANT ─▶ DONE
 * </pre>
 *
 * <p>The newest command of a pair counts alone. Between two steps of a pair there is a commit
 * ({@link Pairs}).
 */
public final class ExecutorWork {
  private static final int BRAKED_AT_ONCE = 1_000;

  private final ExecutorRules rules;
  private final Pairs pairs;
  private final Brake ofPlatform;
  private final Map<SourceRef, Brake> ofSource = new HashMap<>();

  /** The parts of batches that failed. They are tried before anything else. */
  private final Deque<Step> parts = new ArrayDeque<>();

  private final List<Result> results = new ArrayList<>();
  private Circuit circuit = Circuit.CLOSED;

  /** The effect of a command that was read. */
  public enum Accepted {
    /** It is the newest of its pair. */
    NEW,
    /** It is known already. */
    REPEATED,
    /** A newer one is known. */
    SUPERSEDED
  }

  /** Continues with stored pairs. */
  public ExecutorWork(ExecutorRules rules, Pairs pairs) {
    this.rules = rules;
    this.pairs = pairs;
    ofPlatform = new Brake(rules.ofPlatform());
    for (var pair : pairs.in(Phase.WAITING, null, Integer.MAX_VALUE)) {
      if (pair.isBraked()) {
        arrived(pair.desired());
      }
    }
  }

  /** Takes a command. */
  public Accepted accept(Command command, long nowMs) {
    var before = pairs.get(command.key());
    var firstTryMs = Brake.appliesTo(command) ? nowMs + rules.settleMs() : nowMs;
    if (before == null) {
      put(
          null,
          new PairState(
              command, Phase.WAITING, null, Origin.UNKNOWN, null, 0, nowMs, firstTryMs, false));
      return Accepted.NEW;
    }
    var order = command.number().compareTo(before.desired().number());
    if (order > 0) {
      put(before, before.with(command, nowMs, firstTryMs));
      return Accepted.NEW;
    }
    if (order == 0 && before.phase() == Phase.DONE) {
      report(before, ResultOutcome.APPLIED, null, null, nowMs); // the first result may be lost
    }
    return order == 0 ? Accepted.REPEATED : Accepted.SUPERSEDED;
  }

  /**
   * Returns the next step; null if nothing is to be done now. What the brake decides meanwhile
   * takes effect with the next commit, also if there is no step.
   */
  public @Nullable Step next(long nowMs) {
    brake(nowMs);
    if (circuit.isOpen(nowMs)) {
      return null;
    }
    for (var part = parts.poll(); part != null; part = parts.poll()) {
      var current = current(part);
      if (!current.pairs().isEmpty()) {
        return current;
      }
    }
    var revoke = pairs.firstDue(Task.REVOKE, nowMs);
    if (revoke != null) {
      return run(CommandAction.REVOKE, Task.REVOKE, revoke, nowMs);
    }
    var look = pairs.firstDue(Task.LOOK, nowMs);
    var grant = pairs.firstDue(Task.GRANT, nowMs);
    if (look != null && (grant == null || look.nextTryMs() <= grant.nextTryMs())) {
      return new Step.Look(pairs.due(Task.LOOK, look.desired().source(), nowMs, rules.batchMax()));
    }
    return grant == null ? null : run(CommandAction.GRANT, Task.GRANT, grant, nowMs);
  }

  private Step run(CommandAction action, Task task, PairState first, long nowMs) {
    var place = first.place();
    return new Step.Run(
        action,
        pairs.due(task, first.desired().source(), nowMs, rules.batchMax()).stream()
            .filter(
                pair -> place != null && pair.place() != null && pair.place().hasSameObject(place))
            .toList());
  }

  /** Returns a step without the pairs that changed since. */
  private Step current(Step step) {
    var unchanged =
        step.pairs().stream().filter(pair -> pair.equals(pairs.get(pair.key()))).toList();
    return switch (step) {
      case Step.Look look -> new Step.Look(unchanged);
      case Step.Run run -> new Step.Run(run.action(), unchanged);
    };
  }

  /** Decides about revokes whose time to gather is over. */
  private void brake(long nowMs) {
    for (int i = 0; i < BRAKED_AT_ONCE; i++) {
      var pair = pairs.firstDue(Task.BRAKE, nowMs);
      if (pair == null) {
        return;
      }
      var command = pair.desired();
      var source = ofSource(command.source());
      var isTripped =
          source.isTripped(pairs.holders(command.source()), nowMs)
              || ofPlatform.isTripped(pairs.holders(), nowMs);
      source.decided(command, nowMs);
      ofPlatform.decided(command, nowMs);
      put(pair, isTripped ? pair.phase(Phase.HELD) : pair.dueAt(pair.nextTryMs(), true));
      if (isTripped) {
        report(
            pair,
            ResultOutcome.HELD,
            null,
            new Trouble(
                Scope.USER,
                Remedy.PERSON,
                "BRAKE",
                "too many revokes at once: held until a person releases them"),
            nowMs);
      }
    }
  }

  /**
   * Takes the outcome of a look.
   *
   * @param found by the key of the pair; a pair without an entry is looked at again
   */
  public void looked(Step.Look step, Map<String, Finding> found, long nowMs) {
    circuit = Circuit.CLOSED;
    for (var looked : step.pairs()) {
      var pair = pairs.get(looked.key());
      var finding = found.get(looked.key());
      if (pair == null || finding == null || !pair.equals(looked)) {
        continue; // a newer command came meanwhile
      }
      var trouble = finding.trouble();
      if (trouble != null) {
        fail(pair, trouble, nowMs);
      } else if (pair.desired().action() == CommandAction.GRANT) {
        lookedForGrant(pair, finding, nowMs);
      } else {
        lookedForRevoke(pair, finding, nowMs);
      }
    }
  }

  private void lookedForGrant(PairState pair, Finding finding, long nowMs) {
    var access = finding.access();
    if (!access.granted() || isSluices(pair, finding)) {
      put(pair, pair.found(Origin.SLUICE, finding.place()));
    } else if (access.effective()) {
      done(pair.found(Origin.FOREIGN, null), nowMs);
    } else {
      fail(pair.found(Origin.FOREIGN, null), Trouble.notEffective(access.how()), nowMs);
    }
  }

  private void lookedForRevoke(PairState pair, Finding finding, long nowMs) {
    var access = finding.access();
    if (access.granted()) {
      if (isSluices(pair, finding)) {
        put(pair, pair.found(Origin.SLUICE, finding.place()));
      } else {
        fail(pair.found(Origin.FOREIGN, null), Trouble.notGrantedBySluice(), nowMs);
      }
    } else {
      gone(pair, access, nowMs);
    }
  }

  private boolean isSluices(PairState pair, Finding finding) {
    return rules.adoptsExisting() || finding.isSluices() || pair.origin() == Origin.SLUICE;
  }

  /**
   * Takes the outcome of a run whose statements succeeded.
   *
   * @param after what the platform said afterwards, by the key of the pair; a pair without an entry
   *     is run again
   */
  public void ran(Step.Run step, Map<String, Access> after, long nowMs) {
    circuit = Circuit.CLOSED;
    for (var ran : step.pairs()) {
      var pair = pairs.get(ran.key());
      var access = after.get(ran.key());
      if (pair == null || access == null || !pair.equals(ran)) {
        continue; // a newer command came meanwhile; it is carried out in any case
      }
      if (step.action() == CommandAction.REVOKE) {
        if (access.granted()) {
          fail(pair, Trouble.stillAccess(access.how()), nowMs);
        } else {
          gone(pair, access, nowMs);
        }
      } else if (access.effective()) {
        done(pair, nowMs);
      } else {
        fail(pair, Trouble.notEffective(access.how()), nowMs);
      }
    }
  }

  /** Ends a REVOKE whose grant is not there, or is not there any more. */
  private void gone(PairState pair, Access access, long nowMs) {
    if (access.effective()) {
      fail(pair.found(Origin.UNKNOWN, pair.place()), Trouble.stillAccess(access.how()), nowMs);
    } else {
      done(pair.found(Origin.UNKNOWN, null), nowMs);
    }
  }

  /** Takes the failure of a step. */
  public void failed(Step step, Trouble trouble, long nowMs) {
    if (trouble.scope() == Scope.PLATFORM) {
      circuit = circuit.failed(trouble, rules.retry(), nowMs);
      parts.clear(); // all of them are due anyway
      return;
    }
    circuit = Circuit.CLOSED;
    var now = current(step).pairs();
    if (trouble.scope() == Scope.USER && now.size() > 1) {
      var half = now.size() / 2;
      parts.addFirst(part(step, now.subList(half, now.size())));
      parts.addFirst(part(step, now.subList(0, half)));
      return;
    }
    for (var pair : now) {
      fail(pair, trouble, nowMs);
    }
  }

  private static Step part(Step step, List<PairState> of) {
    return switch (step) {
      case Step.Look look -> new Step.Look(of);
      case Step.Run run -> new Step.Run(run.action(), of);
    };
  }

  private void done(PairState pair, long nowMs) {
    var command = pair.desired();
    var done =
        pair.applied(new Applied(command.action(), command.number()))
            .tried(Phase.DONE, pair.nextTryMs());
    put(pairs.get(pair.key()), done);
    report(done, ResultOutcome.APPLIED, null, null, nowMs);
  }

  private void fail(PairState pair, Trouble trouble, long nowMs) {
    var attempts = pair.attemptsAfter();
    var isLate = nowMs - pair.acceptedMs() >= rules.userGraceMs();
    var errorClass =
        switch (trouble.remedy()) {
          case TIME -> ErrorClass.RETRYING;
          case TIME_THEN_PERSON -> isLate ? ErrorClass.NEEDS_PERSON : ErrorClass.RETRYING;
          case PERSON -> ErrorClass.NEEDS_PERSON;
          case NONE -> ErrorClass.PERMANENT;
        };
    var delayMs =
        errorClass == ErrorClass.RETRYING
            ? rules.retry().delayMs(attempts, pair.key())
            : new Backoff(rules.personRetryMs(), rules.personRetryMs())
                .delayMs(attempts, pair.key());
    var failed =
        pair.tried(
            errorClass == ErrorClass.PERMANENT ? Phase.STOPPED : Phase.WAITING, nowMs + delayMs);
    // A GRANT that the platform refused left nothing behind, so its names may be found anew.
    var isRefused =
        pair.desired().action() == CommandAction.GRANT
            && trouble.remedy() != Remedy.TIME
            && !Trouble.NOT_EFFECTIVE.equals(trouble.code())
            && !failed.holds();
    put(pairs.get(pair.key()), isRefused ? failed.found(Origin.UNKNOWN, null) : failed);
    report(failed, ResultOutcome.FAILED, errorClass, trouble, nowMs);
  }

  /** Lets the revokes of a source pass that the brake holds; of all sources if it is null. */
  public int release(@Nullable SourceRef source, int max, long nowMs) {
    var held = pairs.in(Phase.HELD, source, max);
    held.forEach(pair -> put(pair, pair.dueAt(nowMs, true)));
    return held.size();
  }

  /** Tries again what was stopped, because the configuration changed. */
  public int retryStopped(int max, long nowMs) {
    var stopped = pairs.in(Phase.STOPPED, null, max);
    stopped.forEach(pair -> put(pair, pair.dueAt(nowMs, pair.released())));
    return stopped.size();
  }

  /** Makes everything that was decided the base of the next steps, and returns its results. */
  public List<Result> commit() {
    pairs.commit();
    var committed = List.copyOf(results);
    results.clear();
    return committed;
  }

  /** Returns whether the platform is tried. */
  public Circuit circuit() {
    return circuit;
  }

  private void put(@Nullable PairState before, PairState after) {
    if (before != null && before.isBraked()) {
      ofSource(before.desired().source()).left(before.desired());
      ofPlatform.left(before.desired());
    }
    if (after.isBraked()) {
      arrived(after.desired());
    }
    pairs.put(after);
  }

  private void arrived(Command command) {
    ofSource(command.source()).arrived(command);
    ofPlatform.arrived(command);
  }

  private Brake ofSource(SourceRef source) {
    return ofSource.computeIfAbsent(source, of -> new Brake(rules.ofSource()));
  }

  private void report(
      PairState pair,
      ResultOutcome outcome,
      @Nullable ErrorClass errorClass,
      @Nullable Trouble trouble,
      long nowMs) {
    var command = pair.desired();
    results.add(
        new Result(
            command.userId(),
            command.source(),
            command.action(),
            command.number(),
            outcome,
            ResultDetails.of(
                outcome,
                errorClass,
                trouble == null ? null : trouble.code(),
                trouble == null ? null : trouble.message(),
                pair.attempts(),
                rules.name()),
            nowMs));
  }
}
