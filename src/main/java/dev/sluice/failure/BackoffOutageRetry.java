package dev.sluice.failure;

import dev.sluice.event.codec.EventReader.SchemaAwaitedException;
import dev.sluice.streams.OutageRetry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for an outage to end, with growing pauses and regular log lines. Gives up when the worker
 * stops, or after a third of the time without a poll after which Kafka considers the thread dead
 * (max.poll.interval.ms, five minutes by default). A third, because the first and the last attempt
 * take time too, and a second event of the same poll may also wait. A wait with a maximum time is
 * followed by an attempt when that time is over.
 */
public final class BackoffOutageRetry implements OutageRetry {
  private static final Logger LOG = LoggerFactory.getLogger(BackoffOutageRetry.class);
  private static final long PAUSE_MIN_MS = 100;
  private static final long PAUSE_MAX_MS = 3_000;
  private static final long STEP_MS = 100;
  private static final int PART = 3;

  /** Longer than a pause and the following attempt. */
  private static final long LASTS_NS = Duration.ofSeconds(20).toNanos();

  private static final long LOG_INTERVAL_NS = Duration.ofSeconds(30).toNanos();

  private final long waitMaxNs;
  private final LongSupplier clockNs;
  private final FailureHandler.Pause pause;
  private final AtomicLong loggedAt;
  private final ThreadLocal<Long> began;
  private volatile @Nullable Waiting waiting;
  private volatile boolean stopping;

  /** Reason and end of a thread's last wait. */
  private record Waiting(String why, long untilNs) {}

  public BackoffOutageRetry(
      Duration maxPollInterval, LongSupplier clockNs, FailureHandler.Pause pause) {
    this.waitMaxNs = maxPollInterval.toNanos() / PART;
    this.clockNs = clockNs;
    this.pause = pause;
    loggedAt = new AtomicLong(clockNs.getAsLong() - LOG_INTERVAL_NS);
    began = ThreadLocal.withInitial(clockNs::getAsLong);
  }

  /** Ends all waits. */
  public void stop() {
    stopping = true;
  }

  /** Returns the reason of a current wait; null if no thread waits. */
  public @Nullable String waiting() {
    var now = waiting;
    return now == null || clockNs.getAsLong() - now.untilNs() >= 0 ? null : now.why();
  }

  @Override
  public boolean waitFor(int tries, RuntimeException trouble) {
    var now = clockNs.getAsLong();
    if (tries == 1) {
      began.set(now);
    }
    if (now - began.get() >= waitMaxNs) {
      return false;
    }
    waiting = new Waiting(FailureHandler.messages(trouble), now + LASTS_NS);
    var last = loggedAt.get();
    if (now - last >= LOG_INTERVAL_NS && loggedAt.compareAndSet(last, now)) {
      LOG.warn(
          "waiting: an event cannot be read or written reliably now; nothing is lost: {}",
          FailureHandler.messages(trouble));
    }
    var pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS << Math.min(tries, 10));
    if (trouble instanceof SchemaAwaitedException awaited) {
      pauseMs = Math.min(pauseMs, awaited.leftMs());
    }
    try {
      for (long waited = 0; waited < pauseMs && !stopping; waited += STEP_MS) {
        pause.sleep(STEP_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !stopping;
  }
}
