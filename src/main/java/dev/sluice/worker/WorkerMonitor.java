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
 * Looks at a worker every second, from outside, and keeps what it saw last for all who want to
 * know: to ask costs them nothing, and costs the worker the same however many ask.
 */
public final class WorkerMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerMonitor.class);

  /** How often it looks. */
  public static final Duration EVERY = Duration.ofSeconds(1);

  private final InputLag inputLag;
  private final Consumer<WorkerMonitor> eachTime;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("worker-watch").factory());
  private volatile @Nullable Worker worker;
  private volatile @Nullable WorkerStatus status;

  /**
   * Before the worker starts.
   *
   * @param eachTime is given this after each look
   */
  public WorkerMonitor(SluiceConfig config, Consumer<WorkerMonitor> eachTime) {
    inputLag = new InputLag(config);
    this.eachTime = eachTime;
    timer.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** From now on it looks at this one. */
  public void watch(Worker started) {
    worker = started;
  }

  private void look() {
    try {
      var watched = worker;
      if (watched != null) {
        status = watched.status();
        inputLag.look(watched.inputs(), System.currentTimeMillis());
      }
      eachTime.accept(this);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("cannot read the worker's state: {}", FailureHandler.messages(e), e);
    }
  }

  /** How the worker was a moment ago; null before it started. */
  public @Nullable WorkerStatus status() {
    return status;
  }

  /** How much of its input was not processed; null when that is not known. */
  public @Nullable Map<Input, Lag> lags() {
    return inputLag.last();
  }

  @Override
  public void close() {
    timer.shutdownNow();
    inputLag.close();
  }
}
