package dev.sluice.worker;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Logs similar warnings: the first at once, further ones as a sum at most every ten seconds. */
final class SummaryLog implements AutoCloseable {
  private static final long EVERY_NS = Duration.ofSeconds(10).toNanos();
  private static final long CHECK_MS = 500;

  private final Summary summary;
  private final LongSupplier clockNs;
  private final Consumer<String> out;
  private final ScheduledExecutorService timer;
  private long count;
  private String last = "";
  private long loggedAt;

  /** Makes the text of a warning. */
  @FunctionalInterface
  interface Summary {

    /**
     * Returns the text.
     *
     * @param count number of warnings since the last text, from 1
     * @param last the latest of them
     */
    String of(long count, String last);
  }

  /**
   * Creates a log.
   *
   * @param thread the name of its thread
   */
  SummaryLog(String thread, Summary summary, LongSupplier clockNs, Consumer<String> out) {
    this.summary = summary;
    this.clockNs = clockNs;
    this.out = out;
    this.loggedAt = clockNs.getAsLong() - EVERY_NS;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(thread).factory());
  }

  /** Logs pending sums from now on; without it, only a further warning does. */
  SummaryLog begun() {
    timer.scheduleWithFixedDelay(this::logIfDue, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
    return this;
  }

  synchronized void add(String warning) {
    count++;
    last = warning;
    logIfDue();
  }

  /** Logs the pending summary if the interval has passed. */
  synchronized void logIfDue() {
    if (count > 0 && clockNs.getAsLong() - loggedAt >= EVERY_NS) {
      log();
    }
  }

  private void log() {
    out.accept(summary.of(count, last));
    count = 0;
    loggedAt = clockNs.getAsLong();
  }

  /** Logs the pending summary. */
  @Override
  public synchronized void close() {
    timer.shutdownNow();
    if (count > 0) {
      log();
    }
  }
}
