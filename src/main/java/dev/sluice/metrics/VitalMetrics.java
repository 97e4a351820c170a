package dev.sluice.metrics;

import dev.sluice.runtime.InputLag.Input;
import dev.sluice.runtime.InputLag.Lag;
import dev.sluice.runtime.Vitals;
import dev.sluice.runtime.WorkerWatch;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.KafkaStreams.State;

/** Shows what a watch saw of a worker last: states, tasks, restores and lag. */
final class VitalMetrics {
  /** Of Streams' threads. */
  private static final List<String> THREAD_STATES =
      List.of(
          "created",
          "starting",
          "partitions_revoked",
          "partitions_assigned",
          "running",
          "pending_shutdown",
          "dead");

  private final WorkerWatch watch;
  private final EventMetrics events;
  private final LongSupplier clockMs;

  VitalMetrics(Meters meters, WorkerWatch watch, EventMetrics events, LongSupplier clockMs) {
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
    gauge(meters, Metric.TASKS, Vitals::activeTasks, "active");
    gauge(meters, Metric.TASKS, Vitals::standbyTasks, "standby");
    gauge(meters, Metric.RESTORING_STORES, Vitals::storesRestoring);
    gauge(meters, Metric.RESTORE_RECORDS_LEFT, Vitals::recordsToRestore);
    gauge(meters, Metric.LAST_POLL_AGE, Vitals::sinceLastPollSeconds);
    for (var input : Input.values()) {
      var label = lower(input.name());
      meters.gauge(Metric.INPUT_LAG_RECORDS, () -> lag(input, l -> (double) l.records()), label);
      meters.gauge(Metric.INPUT_LAG_SECONDS, () -> lag(input, l -> seconds(input, l)), label);
    }
  }

  private void gauge(
      Meters meters, Metric metric, ToDoubleFunction<Vitals> value, String... labels) {
    meters.gauge(
        metric,
        () -> {
          var vitals = watch.vitals();
          return vitals == null ? 0 : value.applyAsDouble(vitals);
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
