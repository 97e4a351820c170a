package dev.sluice.metrics;

import dev.sluice.streams.WorkerObserver;
import dev.sluice.worker.WorkerMonitor;
import java.util.function.LongSupplier;

/** All metrics of delivery in a process of its own. */
public final class DeliveryProcessMetrics extends ProcessMetrics {
  private final LongSupplier clockMs;
  private final DeliveryMetrics delivery;

  /** Creates the metrics before delivery starts. */
  public DeliveryProcessMetrics() {
    this(System::currentTimeMillis);
  }

  DeliveryProcessMetrics(LongSupplier clockMs) {
    super(clockMs);
    this.clockMs = clockMs;
    delivery = new DeliveryMetrics(meters(), clockMs);
  }

  /** Returns the metrics of commands and results. */
  public DeliveryMetrics delivery() {
    return delivery;
  }

  /** Returns the listener for transactions, restores and states. */
  public WorkerObserver process() {
    return transactions();
  }

  /** Adds the readings of a monitor. */
  public void show(WorkerMonitor watch) {
    new WorkerStatusMetrics(meters(), watch);
    LagMetrics.ofDelivery(meters(), watch, clockMs);
  }
}
