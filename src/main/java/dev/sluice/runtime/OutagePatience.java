package dev.sluice.runtime;

import dev.sluice.product.Patience;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for an outage to end, with growing pauses, and says so now and then. Gives up when the
 * worker stops, and before Kafka would take the thread for dead (max.poll.interval.ms, five minutes
 * unless configured).
 */
final class OutagePatience implements Patience {
  private static final Logger LOG = LoggerFactory.getLogger(OutagePatience.class);
  private static final long PAUSE_MIN_MS = 100;
  private static final long PAUSE_MAX_MS = 3_000;
  private static final long STEP_MS = 100;
  private static final int TRIES_MAX = 60;
  private static final long SAY_EVERY_NS = Duration.ofSeconds(30).toNanos();

  private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - SAY_EVERY_NS);
  private volatile boolean stopping;

  /** Ends all waiting. */
  void stop() {
    stopping = true;
  }

  @Override
  public boolean waitFor(int tries, RuntimeException trouble) {
    if (tries > TRIES_MAX) {
      return false;
    }
    var said = saidAt.get();
    var now = System.nanoTime();
    if (now - said >= SAY_EVERY_NS && saidAt.compareAndSet(said, now)) {
      LOG.warn(
          "waiting, since an event cannot be read rightly now; nothing is lost: {}",
          Trouble.messages(trouble));
    }
    var pause = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS << Math.min(tries, 10));
    try {
      for (long waited = 0; waited < pause && !stopping; waited += STEP_MS) {
        Thread.sleep(STEP_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !stopping;
  }
}
