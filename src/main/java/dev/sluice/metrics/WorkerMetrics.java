package dev.sluice.metrics;

import dev.sluice.offsets.InputLag.Input;
import dev.sluice.topology.Observers;
import dev.sluice.worker.WorkerMonitor;
import java.util.List;
import java.util.function.LongSupplier;

/** All metrics of one worker. A report to them costs little more than an addition. */
public final class WorkerMetrics extends ProcessMetrics {
  private final LongSupplier clockMs;
  private final EventMetrics events;
  private final CommandMetrics commands;

  /** Creates the metrics before the worker starts. */
  public WorkerMetrics() {
    this(System::currentTimeMillis);
  }

  WorkerMetrics(LongSupplier clockMs) {
    super(clockMs);
    this.clockMs = clockMs;
    events = new EventMetrics(meters(), clockMs);
    commands = new CommandMetrics(meters(), clockMs);
  }

  /** Returns the metrics of events. */
  public EventMetrics events() {
    return events;
  }

  /** Returns the observers for the worker. */
  public Observers observers() {
    return new Observers(List.of(events), List.of(commands), transactions());
  }

  /** Adds the readings of a monitor. */
  public void show(WorkerMonitor watch) {
    new WorkerStatusMetrics(meters(), watch);
    new LagMetrics(meters(), watch, Input.OF_WORKER, events::oldestArrivalMs, clockMs);
  }

  /** Adds the metrics of delivery, which runs in the worker's process. Called once. */
  public DeliveryMetrics delivery() {
    return new DeliveryMetrics(meters(), clockMs);
  }

  /** Adds the lag that a monitor of delivery reads. */
  public void showDelivery(WorkerMonitor watch) {
    LagMetrics.ofDelivery(meters(), watch, clockMs);
  }
}
