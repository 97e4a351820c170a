package dev.sluice.query;

import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.query.QueryGateway.Asked;
import dev.sluice.query.QueryGateway.BusyException;
import dev.sluice.query.model.DeliveryViews.OfUser;
import dev.sluice.query.shard.ShardUnavailableException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds to an answer about a decision what is outstanding. Both are read at the same time. Delivery
 * does not hold up the answer: it is waited for a short time, and not at all for a while after it
 * did not answer in that time.
 */
public final class DeliveryNotes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryNotes.class);

  /** Most outstanding commands of a user that are read. */
  private static final int MAX = 1_000;

  /** Longest time that an answer waits for delivery after the decision is there. */
  private static final Duration WAIT = Duration.ofMillis(300);

  /** Time that one reading of delivery may take. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** Time without waiting after delivery did not answer in time. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final DeliverySource source;
  private final LongSupplier nanoTime;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** When delivery did not answer in time; null if it did at the last time. */
  private final AtomicReference<@Nullable Long> lateNs = new AtomicReference<>();

  /** Adds what is outstanding to an answer. */
  @FunctionalInterface
  public interface Adding<T> {
    /**
     * Adds it.
     *
     * @param known null if it is not known now
     * @param why why it is not known
     */
    T add(T decided, @Nullable OfUser known, String why);
  }

  /** Creates the notes from a source. */
  public DeliveryNotes(DeliverySource source) {
    this(source, System::nanoTime);
  }

  DeliveryNotes(DeliverySource source, LongSupplier nanoTime) {
    this.source = source;
    this.nanoTime = nanoTime;
  }

  /**
   * Returns an answer with what is outstanding.
   *
   * @param filter chooses the commands of the answer's user
   * @param decision reads the decision
   */
  public <T> T beside(Asked asked, DeliveryFilter filter, Supplier<T> decision, Adding<T> adding) {
    if (isPaused()) {
      return adding.add(decision.get(), null, "delivery did not answer in time");
    }
    var reading = threads.submit(() -> source.ofUser(asked, filter, MAX, TIMEOUT));
    try {
      return add(decision.get(), reading, adding);
    } finally {
      reading.cancel(true);
    }
  }

  private <T> T add(T decided, Future<OfUser> reading, Adding<T> adding) {
    try {
      var known = reading.get(WAIT.toNanos(), TimeUnit.NANOSECONDS);
      lateNs.set(null);
      return adding.add(decided, known, "");
    } catch (TimeoutException e) {
      lateNs.set(nanoTime.getAsLong());
      return adding.add(decided, null, "delivery did not answer in time");
    } catch (ExecutionException e) {
      return adding.add(decided, null, reason(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for delivery");
    }
  }

  private boolean isPaused() {
    var late = lateNs.get();
    return late != null && nanoTime.getAsLong() - late < PAUSE.toNanos();
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause instanceof ShardUnavailableException || cause instanceof BusyException) {
      return String.valueOf(cause.getMessage());
    }
    LOG.debug("cannot read what is outstanding", cause);
    return "delivery cannot be asked";
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
