package dev.sluice.worker;

import dev.sluice.contract.RejectionReason;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.text.Cut;
import dev.sluice.text.Visible;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs rejected events: the first at once, further ones as a sum at most every ten seconds. */
public final class RejectionLog implements EventObserver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);
  private static final long EVERY_NS = Duration.ofSeconds(10).toNanos();
  private static final long CHECK_MS = 500;
  private static final int TEXT_MAX = 300;

  private final String topic;
  private final LongSupplier clockNs;
  private final Consumer<String> out;
  private final ScheduledExecutorService timer;
  private long count;
  private String last = "";
  private long loggedAt;

  /**
   * Creates a log that warns in the program's log.
   *
   * @param topic topic of rejected events
   */
  public static RejectionLog of(String topic) {
    var log = new RejectionLog(topic, System::nanoTime, LOG::warn);
    log.timer.scheduleWithFixedDelay(log::logIfDue, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
    return log;
  }

  RejectionLog(String topic, LongSupplier clockNs, Consumer<String> out) {
    this.topic = topic;
    this.clockNs = clockNs;
    this.out = out;
    this.loggedAt = clockNs.getAsLong() - EVERY_NS;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rejections").factory());
  }

  @Override
  public void decided(String type, String outcome) {}

  @Override
  public synchronized void rejected(RejectionReason reason, String message, String where) {
    count++;
    last = "%s %s (%s)".formatted(reason, clean(message), clean(where));
    logIfDue();
  }

  /** Logs the pending summary if the interval has passed. */
  synchronized void logIfDue() {
    if (count > 0 && clockNs.getAsLong() - loggedAt >= EVERY_NS) {
      log();
    }
  }

  private void log() {
    out.accept(
        (count == 1
                ? "1 event rejected: "
                : count + " events rejected since the last warning, the latest: ")
            + last
            + "; see topic "
            + topic);
    count = 0;
    loggedAt = clockNs.getAsLong();
  }

  /** Replaces line breaks: ids come from outside and must not create log lines. */
  private static String clean(String text) {
    return Cut.to(Visible.line(text), TEXT_MAX);
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
