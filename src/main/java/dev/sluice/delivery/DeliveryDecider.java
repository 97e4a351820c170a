package dev.sluice.delivery;

import dev.sluice.delivery.DeliveryDecision.CommandEffect;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what commands and results of one user and source do. Pure.
 *
 * <p>A command stays outstanding until a result APPLIED of the same number comes, or a newer
 * command. Commands and results are read apart, so a result may come before its command: it waits
 * for the command, and changes nothing until then. That holds for a result above the outstanding
 * command too, since nobody who writes a number that was never commanded may end a command.
 *
 * @param deadlines the times after which commands are overdue
 * @param holdMs how long a result waits for its command, in milliseconds
 */
public record DeliveryDecider(Deadlines deadlines, long holdMs) {

  /** The result of applying a result to the command that it is about. */
  private record Applied(
      @Nullable Outstanding outstanding, CountedResult counted, @Nullable Long confirmedAfterMs) {}

  /**
   * Decides a command.
   *
   * @param before the outstanding command of the same key; null for none
   * @param early the result of the same key that waits; null for none
   */
  public DeliveryDecision command(
      @Nullable Outstanding before, @Nullable EarlyResult early, Command command, long nowMs) {
    var order = before == null ? 1 : command.number().compareTo(before.command().number());
    if (order <= 0) {
      return unchanged(
          before, early, List.of(), order == 0 ? CommandEffect.REPEATED : CommandEffect.SUPERSEDED);
    }
    var outstanding = Outstanding.of(command);
    var ahead = early == null ? 1 : early.result().number().compareTo(command.number());
    if (early == null || ahead > 0) {
      return unchanged(outstanding, early, List.of(), CommandEffect.APPLIED);
    }
    if (ahead < 0) {
      return unchanged(outstanding, null, List.of(CountedResult.SUPERSEDED), CommandEffect.APPLIED);
    }
    return decision(command, null, apply(outstanding, early.result(), nowMs));
  }

  /**
   * Decides a result.
   *
   * @param before the outstanding command of the same key; null for none
   * @param early the result of the same key that waits; null for none
   */
  public DeliveryDecision result(
      @Nullable Outstanding before, @Nullable EarlyResult early, Result result, long nowMs) {
    if (result.outcome() == ResultOutcome.OTHER) {
      return counted(before, early, CountedResult.UNKNOWN_OUTCOME);
    }
    if (before == null) {
      return keep(null, early, result, nowMs);
    }
    var order = result.number().compareTo(before.command().number());
    if (order < 0) {
      return counted(before, early, CountedResult.SUPERSEDED);
    }
    return order > 0
        ? keep(before, early, result, nowMs)
        : decision(before.command(), early, apply(before, result, nowMs));
  }

  /** Keeps the highest result; of the same number the last, but nothing after APPLIED. */
  private static DeliveryDecision keep(
      @Nullable Outstanding before, @Nullable EarlyResult early, Result result, long nowMs) {
    var counted = new ArrayList<CountedResult>();
    if (early != null) {
      var order = result.number().compareTo(early.result().number());
      if (order < 0) {
        return counted(before, early, CountedResult.SUPERSEDED);
      }
      if (order == 0
          && (early.result().outcome() == ResultOutcome.APPLIED
              || early.result().saysTheSameAs(result))) {
        return counted(before, early, CountedResult.REPEATED);
      }
      counted.add(CountedResult.SUPERSEDED);
    }
    return unchanged(before, new EarlyResult(result, nowMs), counted, CommandEffect.APPLIED);
  }

  private static Applied apply(Outstanding before, Result result, long nowMs) {
    var command = before.command();
    if (result.action() != command.action()) {
      return new Applied(before, CountedResult.WRONG_ACTION, null);
    }
    // Clocks differ: nothing is known before it was commanded, or later than now.
    var atMs = Math.max(command.commandedAtMs(), Math.min(result.atMs(), nowMs));
    if (result.outcome() == ResultOutcome.APPLIED) {
      return new Applied(null, CountedResult.APPLIED, atMs - command.commandedAtMs());
    }
    var state = state(result);
    if (state == before.state() && result.details().equals(before.last())) {
      return new Applied(before, CountedResult.REPEATED, null);
    }
    return new Applied(
        new Outstanding(
            command,
            state,
            state == before.state() ? before.sinceMs() : atMs,
            before.overdueSinceMs(),
            result.details()),
        CountedResult.valueOf(state.name()),
        null);
  }

  private static DeliveryState state(Result result) {
    if (result.outcome() == ResultOutcome.HELD) {
      return DeliveryState.HELD;
    }
    return result.details().errorClass() == ErrorClass.RETRYING
        ? DeliveryState.RETRYING
        : DeliveryState.FAILED;
  }

  /**
   * Returns the command as overdue, if its deadline has passed and that is not known yet; else
   * null.
   */
  public @Nullable Outstanding overdue(Outstanding outstanding, long nowMs) {
    var passesAtMs = deadlines.passesAtMs(outstanding.command());
    return outstanding.isOverdue() || passesAtMs > nowMs
        ? null
        : outstanding.overdueSince(passesAtMs);
  }

  /** Returns whether a result has waited long enough for its command. */
  public boolean isUnmatched(EarlyResult early, long nowMs) {
    return early.readAtMs() + holdMs <= nowMs;
  }

  private static DeliveryDecision decision(
      Command command, @Nullable EarlyResult early, Applied applied) {
    return new DeliveryDecision(
        applied.outstanding(),
        early,
        List.of(applied.counted()),
        CommandEffect.APPLIED,
        applied.confirmedAfterMs(),
        applied.confirmedAfterMs() == null ? null : command.action());
  }

  private static DeliveryDecision counted(
      @Nullable Outstanding outstanding, @Nullable EarlyResult early, CountedResult result) {
    return unchanged(outstanding, early, List.of(result), CommandEffect.APPLIED);
  }

  private static DeliveryDecision unchanged(
      @Nullable Outstanding outstanding,
      @Nullable EarlyResult early,
      List<CountedResult> counted,
      CommandEffect effect) {
    return new DeliveryDecision(outstanding, early, counted, effect, null, null);
  }
}
