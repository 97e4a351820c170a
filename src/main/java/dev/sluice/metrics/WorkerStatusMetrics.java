package dev.sluice.metrics;

import dev.sluice.worker.WorkerMonitor;
import dev.sluice.worker.WorkerStatus;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.KafkaStreams.State;

/** Gauges of the last reading of a worker: states, tasks and restores. */
final class WorkerStatusMetrics {
  /** States of Streams' threads. */
  private static final List<String> THREAD_STATES =
      List.of(
          "created",
          "starting",
          "partitions_revoked",
          "partitions_assigned",
          "running",
          "pending_shutdown",
          "dead");

  private final WorkerMonitor watch;

  WorkerStatusMetrics(Meters meters, WorkerMonitor watch) {
    this.watch = watch;
    for (var state : State.values()) {
      gauge(meters, Metric.WORKER_STATE, v -> v.state() == state ? 1 : 0, lower(state.name()));
    }
    for (var state : THREAD_STATES) {
      gauge(
          meters,
          Metric.THREADS,
          v -> v.threads().stream().filter(t -> lower(t.state()).equals(state)).count(),
          state);
    }
    gauge(meters, Metric.TASKS, WorkerStatus::activeTasks, "active");
    gauge(meters, Metric.TASKS, WorkerStatus::standbyTasks, "standby");
    gauge(meters, Metric.RESTORING_STORES, WorkerStatus::storesRestoring);
    gauge(meters, Metric.RESTORE_RECORDS_LEFT, WorkerStatus::recordsToRestore);
    gauge(meters, Metric.LAST_POLL_AGE, WorkerStatus::sinceLastPollSeconds);
  }

  private void gauge(
      Meters meters, Metric metric, ToDoubleFunction<WorkerStatus> value, String... labels) {
    meters.gauge(
        metric,
        () -> {
          var workerStatus = watch.status();
          return workerStatus == null ? 0 : value.applyAsDouble(workerStatus);
        },
        labels);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
