package dev.sluice.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs histories. One seed is one history, always the same. */
final class Simulation {
  private static final Consumer<Supplier<String>> SILENT = line -> {};

  /** Longer than it takes to settle, and no expiry falls into it. */
  private static final Duration AFTER_MIDNIGHT = Duration.ofSeconds(1);

  /** How long a failing history is made shorter. */
  private static final Duration SHRINKING = Duration.ofSeconds(60);

  /**
   * A failure.
   *
   * @param step at which it showed; as many as there are for the end
   * @param inReplay whether it took another reading of the same input to show it
   */
  record Failure(Violation violation, int step, boolean inReplay) {
    boolean isLike(Failure other) {
      return other != null && other.violation.invariant().equals(violation.invariant());
    }
  }

  final Counts counts = new Counts();

  /** The invariant that a seed's history breaks, in a word; null for none. For other loaders. */
  public static String brokenBy(long seed) {
    var failure = new Simulation().run(History.of(seed));
    return failure == null ? null : failure.violation.invariant();
  }

  /** Returns a description of a seed that fails. For other loaders. */
  public static String reportOf(long seed) {
    var simulation = new Simulation();
    var history = History.of(seed);
    return simulation.report(history, simulation.run(history));
  }

  /** Runs a history, then reads its input again in another one; null when all holds. */
  Failure run(History history) {
    return run(history, SILENT, true);
  }

  private Failure run(History history, Consumer<Supplier<String>> trace, boolean again) {
    try (var world = new World(history.shape(), counts, trace)) {
      var failure = run(world, history.steps(), trace);
      if (failure != null || !again || history.hasEarlyRevocations()) {
        return failure;
      }
      var end = midnight(world.now());
      var ending = world.endAt(end);
      return replay(history.replay(history.seed() % 2 == 0, end), end, ending);
    } catch (RuntimeException e) {
      return new Failure(violation(e), history.steps().size(), true);
    }
  }

  private static Instant midnight(Instant now) {
    return now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)).plus(AFTER_MIDNIGHT);
  }

  private static Failure run(World world, List<Step> steps, Consumer<Supplier<String>> trace) {
    for (int i = 0; i <= steps.size(); i++) {
      try {
        if (i == steps.size()) {
          trace.accept(() -> "all is settled");
          world.settle();
        } else {
          var line = i + " ";
          var step = steps.get(i);
          trace.accept(() -> line + step);
          world.execute(step);
        }
      } catch (RuntimeException e) {
        return new Failure(violation(e), i, false);
      }
    }
    return null;
  }

  private static Failure replay(History history, Instant end, CommittedOutput.Ending expected) {
    try (var world = new World(history.shape(), new Counts(), SILENT)) {
      var failure = run(world, history.steps(), SILENT);
      if (failure != null) {
        var violation = new Violation(failure.violation.invariant(), failure.violation);
        return new Failure(violation, history.steps().size(), true);
      }
      Violation.unlessEqual(world.endAt(end), expected, "I11 replay", "ending of the replay");
      return null;
    }
  }

  private static Violation violation(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof Violation violation) {
        return violation;
      }
    }
    return new Violation("I9 nothing stops the worker", e);
  }

  /** Returns the failure as a short text for people. */
  String report(History history, Failure failure) {
    var again = failure.inReplay;
    var steps =
        Shrinker.shrink(
            history.steps(), s -> failure.isLike(run(history.with(s), SILENT, again)), SHRINKING);
    var lines = new ArrayList<String>();
    var shown = run(history.with(steps), line -> lines.add(line.get()), again);
    if (shown == null) {
      throw new IllegalStateException("seed " + history.seed() + " does not fail again");
    }
    return """
    Seed %d breaks %s
    at step %d of the %d that are left of %d, %son %s:
    %s

    This history again:  mvn test -Dtest=SimulationTest -Dsluice.seed=%d
    """
        .formatted(
            history.seed(),
            shown.violation.getMessage(),
            shown.step,
            steps.size(),
            history.steps().size(),
            again ? "when its input is read again, " : "",
            history.shape(),
            String.join("\n", lines),
            history.seed());
  }
}
