package dev.sluice.metrics;

import dev.sluice.offsets.InputLag.Input;
import dev.sluice.offsets.InputLag.Lag;
import dev.sluice.worker.WorkerMonitor;
import dev.sluice.worker.WorkerStatus;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.KafkaStreams.State;

/** Gauges of the last reading of a worker: states, tasks, restores and lag. */
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
  private final EventMetrics events;
  private final LongSupplier clockMs;

  WorkerStatusMetrics(
      Meters meters, WorkerMonitor watch, EventMetrics events, LongSupplier clockMs) {
    this.watch = watch;
    this.events = events;
    this.clockMs = clockMs;
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
    for (var input : Input.values()) {
      var label = lower(input.name());
      meters.gauge(Metric.INPUT_LAG_RECORDS, () -> lag(input, l -> (double) l.records()), label);
      meters.gauge(Metric.INPUT_LAG_SECONDS, () -> lag(input, l -> seconds(input, l)), label);
    }
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

  private double lag(Input input, Function<Lag, Double> value) {
    var lags = watch.lags();
    return lags == null ? Double.NaN : value.apply(lags.getOrDefault(input, Lag.NONE));
  }

  private double seconds(Input input, Lag lag) {
    if (lag.covered() || input != Input.EVENTS) {
      return lag.seconds();
    }
    var now = clockMs.getAsLong();
    return Math.max(lag.seconds(), (now - events.oldestArrivalMs().orElse(now)) / 1e3);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
