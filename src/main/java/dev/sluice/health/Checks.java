package dev.sluice.health;

import dev.sluice.health.Check.Part;
import dev.sluice.runtime.InputLag.Input;
import dev.sluice.runtime.InputLag.Lag;
import dev.sluice.runtime.Vitals;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams.State;
import org.jspecify.annotations.Nullable;

/**
 * Judges a worker by what was seen of it.
 *
 * @param lagRecordsMax how many records may be left to do in a worker that is ready
 * @param silentMax how long a thread may go without a poll in a worker that is ready
 * @param stalledMax how long a thread may go without a poll before the worker counts as dead
 */
record Checks(long lagRecordsMax, Duration silentMax, Duration stalledMax) {
  private static final Set<State> ENDED =
      Set.of(State.ERROR, State.PENDING_ERROR, State.NOT_RUNNING, State.PENDING_SHUTDOWN);

  /** States of a thread that has its tasks. */
  private static final Set<String> ASSIGNED = Set.of("PARTITIONS_ASSIGNED", "RUNNING");

  /**
   * All parts, in order.
   *
   * @param vitals null before the worker started
   * @param lags null when they are not known
   */
  List<Check> of(@Nullable Vitals vitals, @Nullable Map<Input, Lag> lags) {
    if (vitals == null || vitals.state() == State.CREATED) {
      return List.of(
          new Check(Part.RUNNING, false, "the worker is starting"),
          new Check(Part.ASSIGNED, false, "not yet"),
          new Check(Part.RESTORED, false, "not yet"),
          new Check(Part.LAG, false, "not known yet"));
    }
    return List.of(running(vitals), assigned(vitals), restored(vitals), lag(lags));
  }

  /**
   * Whether another start is the only thing that could help. While Kafka does not answer, a thread
   * that has been waiting for it for ever so long is as it should be.
   */
  boolean isAlive(@Nullable Vitals vitals, @Nullable Map<Input, Lag> lags) {
    return vitals == null
        || (ending(vitals) == null && (lags == null || silence(vitals, stalledMax) == null));
  }

  private @Nullable String problem(Vitals vitals) {
    var ending = ending(vitals);
    return ending == null ? silence(vitals, stalledMax) : ending;
  }

  private static @Nullable String ending(Vitals vitals) {
    if (vitals.failure() != null) {
      return "the worker stopped: " + vitals.failure();
    }
    if (ENDED.contains(vitals.state())) {
      return "the worker has stopped, or stops";
    }
    return null;
  }

  private static @Nullable String silence(Vitals vitals, Duration max) {
    return vitals.sinceLastPollSeconds() > max.toSeconds()
        ? "a thread has not asked for input for %.0f s".formatted(vitals.sinceLastPollSeconds())
        : null;
  }

  private Check running(Vitals vitals) {
    var fatal = problem(vitals);
    var problem = fatal == null ? passing(vitals) : fatal;
    return new Check(
        Part.RUNNING,
        problem == null,
        (problem == null ? count(vitals.threads().size(), "thread") : problem)
            + (vitals.waiting() == null ? "" : "; one waits: " + vitals.waiting()));
  }

  /** What may heal by itself: no reason for another start. */
  private @Nullable String passing(Vitals vitals) {
    return vitals.unsettled() == null ? silence(vitals, silentMax) : vitals.unsettled();
  }

  private static Check assigned(Vitals vitals) {
    var assigned =
        !vitals.threads().isEmpty()
            && vitals.threads().stream().allMatch(t -> ASSIGNED.contains(t.state()));
    return new Check(
        Part.ASSIGNED,
        assigned,
        assigned
            ? count(vitals.activeTasks(), "task")
            : "the workers are sharing out the partitions");
  }

  private static Check restored(Vitals vitals) {
    if (vitals.storesRestoring() > 0) {
      return new Check(
          Part.RESTORED,
          false,
          "%s to restore, at most %s left"
              .formatted(
                  count(vitals.storesRestoring(), "store"),
                  count(vitals.recordsToRestore(), "record")));
    }
    var running =
        vitals.state() == State.RUNNING
            && vitals.threads().stream().allMatch(t -> t.state().equals("RUNNING"));
    return new Check(Part.RESTORED, running, running ? "all state is there" : "not yet");
  }

  private Check lag(@Nullable Map<Input, Lag> lags) {
    if (lags == null) {
      return new Check(Part.LAG, false, "not known: Kafka has not said, or does not answer");
    }
    var records = lags.values().stream().mapToLong(Lag::records).sum();
    return new Check(
        Part.LAG,
        records <= lagRecordsMax,
        "%s to process; at most %,d in a worker that is ready"
            .formatted(count(records, "record"), lagRecordsMax));
  }

  private static String count(long count, String of) {
    return "%,d %s%s".formatted(count, of, count == 1 ? "" : "s");
  }
}
