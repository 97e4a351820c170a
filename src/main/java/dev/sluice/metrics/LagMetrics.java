package dev.sluice.metrics;

import dev.sluice.offsets.InputLag.Input;
import dev.sluice.offsets.InputLag.Lag;
import dev.sluice.worker.WorkerMonitor;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Gauges of the last lag that a monitor has read. */
final class LagMetrics {
  private final WorkerMonitor watch;
  private final Supplier<OptionalLong> oldestArrivalMs;
  private final LongSupplier clockMs;

  /**
   * Adds the gauges.
   *
   * @param oldestArrivalMs returns the time of the record of product-events processed last
   */
  LagMetrics(
      Meters meters,
      WorkerMonitor watch,
      List<Input> inputs,
      Supplier<OptionalLong> oldestArrivalMs,
      LongSupplier clockMs) {
    this.watch = watch;
    this.oldestArrivalMs = oldestArrivalMs;
    this.clockMs = clockMs;
    for (var input : inputs) {
      var label = input.name().toLowerCase(Locale.ROOT);
      meters.gauge(Metric.INPUT_LAG_RECORDS, () -> lag(input, l -> (double) l.records()), label);
      meters.gauge(Metric.INPUT_LAG_SECONDS, () -> lag(input, l -> seconds(input, l)), label);
    }
  }

  /** Adds the gauges of delivery's inputs. */
  static void ofDelivery(Meters meters, WorkerMonitor watch, LongSupplier clockMs) {
    new LagMetrics(meters, watch, Input.OF_DELIVERY, OptionalLong::empty, clockMs);
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
    return Math.max(lag.seconds(), (now - oldestArrivalMs.get().orElse(now)) / 1e3);
  }
}
