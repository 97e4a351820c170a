package dev.sluice.health;

import dev.sluice.health.HealthPart.Part;
import dev.sluice.offsets.InputLag.Input;
import dev.sluice.offsets.InputLag.Lag;
import dev.sluice.worker.WorkerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams.State;
import org.jspecify.annotations.Nullable;

/**
 * Derives the health from observations.
 *
 * @param lagRecordsMax maximum number of unprocessed records of a ready worker
 * @param silentMax maximum time without a poll of a ready worker's thread
 * @param stalledMax maximum time without a poll until the worker counts as dead
 */
record HealthRules(long lagRecordsMax, Duration silentMax, Duration stalledMax) {
  private static final Set<State> ENDED =
      Set.of(State.ERROR, State.PENDING_ERROR, State.NOT_RUNNING, State.PENDING_SHUTDOWN);

  /** States of a thread with assigned tasks. */
  private static final Set<String> ASSIGNED = Set.of("PARTITIONS_ASSIGNED", "RUNNING");

  /**
   * Returns all parts, in order.
   *
   * @param workerStatus null before the worker started
   * @param lags null if unknown
   */
  List<HealthPart> of(@Nullable WorkerStatus workerStatus, @Nullable Map<Input, Lag> lags) {
    if (workerStatus == null || workerStatus.state() == State.CREATED) {
      return List.of(
          new HealthPart(Part.RUNNING, false, "the worker is starting"),
          new HealthPart(Part.ASSIGNED, false, "not yet"),
          new HealthPart(Part.RESTORED, false, "not yet"),
          new HealthPart(Part.LAG, false, "unknown yet"));
    }
    return List.of(
        running(workerStatus), assigned(workerStatus), restored(workerStatus), lag(lags));
  }

  /**
   * Returns whether the worker is alive; if not, only a restart can help. A thread that waits for
   * Kafka to answer is alive, however long it waits.
   */
  boolean isAlive(@Nullable WorkerStatus workerStatus, @Nullable Map<Input, Lag> lags) {
    return workerStatus == null
        || (ending(workerStatus) == null
            && (lags == null || silence(workerStatus, stalledMax) == null));
  }

  private @Nullable String problem(WorkerStatus workerStatus) {
    var ending = ending(workerStatus);
    return ending == null ? silence(workerStatus, stalledMax) : ending;
  }

  private static @Nullable String ending(WorkerStatus workerStatus) {
    if (workerStatus.failure() != null) {
      return "the worker stopped: " + workerStatus.failure();
    }
    if (ENDED.contains(workerStatus.state())) {
      return "the worker has stopped, or is stopping";
    }
    return null;
  }

  private static @Nullable String silence(WorkerStatus workerStatus, Duration max) {
    return workerStatus.sinceLastPollSeconds() > max.toSeconds()
        ? "a thread has not polled for input for %.0f s"
            .formatted(workerStatus.sinceLastPollSeconds())
        : null;
  }

  private HealthPart running(WorkerStatus workerStatus) {
    var fatal = problem(workerStatus);
    var problem = fatal == null ? passing(workerStatus) : fatal;
    return new HealthPart(
        Part.RUNNING,
        problem == null,
        (problem == null ? count(workerStatus.threads().size(), "thread") : problem)
            + (workerStatus.waiting() == null
                ? ""
                : "; one is waiting: " + workerStatus.waiting()));
  }

  /** Returns a temporary problem, which is no reason for a restart. */
  private @Nullable String passing(WorkerStatus workerStatus) {
    return workerStatus.unsettled() == null
        ? silence(workerStatus, silentMax)
        : workerStatus.unsettled();
  }

  private static HealthPart assigned(WorkerStatus workerStatus) {
    var assigned =
        !workerStatus.threads().isEmpty()
            && workerStatus.threads().stream().allMatch(t -> ASSIGNED.contains(t.state()));
    return new HealthPart(
        Part.ASSIGNED,
        assigned,
        assigned
            ? count(workerStatus.activeTasks(), "task")
            : "the workers are assigning partitions");
  }

  private static HealthPart restored(WorkerStatus workerStatus) {
    if (workerStatus.storesRestoring() > 0) {
      return new HealthPart(
          Part.RESTORED,
          false,
          "%s to restore, at most %s left"
              .formatted(
                  count(workerStatus.storesRestoring(), "store"),
                  count(workerStatus.recordsToRestore(), "record")));
    }
    var running =
        workerStatus.state() == State.RUNNING
            && workerStatus.threads().stream().allMatch(t -> t.state().equals("RUNNING"));
    return new HealthPart(Part.RESTORED, running, running ? "all state is restored" : "not yet");
  }

  private HealthPart lag(@Nullable Map<Input, Lag> lags) {
    if (lags == null) {
      return new HealthPart(Part.LAG, false, "unknown: Kafka does not answer, or has not yet");
    }
    var records = lags.values().stream().mapToLong(Lag::records).sum();
    return new HealthPart(
        Part.LAG,
        records <= lagRecordsMax,
        "%s to process; at most %,d in a worker that is ready"
            .formatted(count(records, "record"), lagRecordsMax));
  }

  private static String count(long count, String of) {
    return "%,d %s%s".formatted(count, of, count == 1 ? "" : "s");
  }
}
