package dev.sluice.metrics;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** Looks for new metrics from time to time, on a thread of its own, and holds a lock meanwhile. */
final class MetricScanTimer extends ScheduledThreadPoolExecutor {
  private final Lock lock;

  MetricScanTimer(Lock lock) {
    super(1, Thread.ofPlatform().daemon().name("kafka-metrics").factory());
    this.lock = lock;
  }

  @Override
  protected void beforeExecute(Thread thread, Runnable look) {
    lock.lock();
  }

  @Override
  protected void afterExecute(Runnable look, @Nullable Throwable error) {
    lock.unlock();
  }
}
