package dev.sluice.worker;

import dev.sluice.config.SluiceConfig;
import dev.sluice.failure.FailureHandler;
import dev.sluice.offsets.InputLag;
import dev.sluice.offsets.InputLag.Input;
import dev.sluice.offsets.InputLag.Lag;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a worker's status every second, and shares the last reading. Callers cost the worker
 * nothing, however many there are.
 */
public final class WorkerMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerMonitor.class);

  /** Interval between readings. */
  public static final Duration EVERY = Duration.ofSeconds(1);

  private final InputLag inputLag;
  private final Consumer<WorkerMonitor> eachTime;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("worker-watch").factory());
  private volatile @Nullable Monitored worker;
  private volatile @Nullable WorkerStatus status;

  /**
   * Creates the monitor before the worker starts.
   *
   * @param eachTime runs after each reading
   */
  public WorkerMonitor(SluiceConfig config, Consumer<WorkerMonitor> eachTime) {
    inputLag = new InputLag(config);
    this.eachTime = eachTime;
    timer.scheduleWithFixedDelay(this::read, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Starts monitoring a worker, or another part that is monitored like one. */
  public void watch(Monitored started) {
    worker = started;
  }

  private void read() {
    try {
      var watched = worker;
      if (watched != null) {
        status = watched.status();
        inputLag.measure(watched.offsets(), watched.inputs(), System.currentTimeMillis());
      }
      eachTime.accept(this);
    } catch (RuntimeException e) {
      LOG.warn("cannot read the worker's state: {}", FailureHandler.messages(e), e);
    }
  }

  /** Returns the last status; null before the worker started. */
  public @Nullable WorkerStatus status() {
    return status;
  }

  /** Returns the last lag of its input; null if unknown. */
  public @Nullable Map<Input, Lag> lags() {
    return inputLag.last();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
