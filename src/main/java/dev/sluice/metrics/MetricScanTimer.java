package dev.sluice.metrics;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** Scans for new metrics regularly, on its own thread, while holding a lock. */
final class MetricScanTimer extends ScheduledThreadPoolExecutor {
  private final Lock lock;

  MetricScanTimer(Lock lock) {
    super(1, Thread.ofPlatform().daemon().name("kafka-metrics").factory());
    this.lock = lock;
  }

  @Override
  protected void beforeExecute(Thread thread, Runnable scan) {
    lock.lock();
  }

  @Override
  protected void afterExecute(Runnable scan, @Nullable Throwable error) {
    lock.unlock();
  }
}
