package dev.sluice.query;

import dev.sluice.query.QueryGateway.BusyException;
import dev.sluice.query.model.ApiModel.Live;
import dev.sluice.query.shard.ShardUnavailableException;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How all is, again and again, for as many as watch: looked once for all of them, and not at all
 * when nobody does.
 */
public final class LiveOverview {
  private static final long INTERVAL_MS = 1_000;

  /** What is looked at is left alone for so many times as long as the look took. */
  private static final int REST_FACTOR = 10;

  private final Look look;
  private final LongSupplier clockMs;
  private final Lock looking = new ReentrantLock();
  private @Nullable Live last;
  private @Nullable RuntimeException failure;
  private long nextMs;

  /** Looks at everything. */
  @FunctionalInterface
  public interface Look {

    /**
     * How all is now.
     *
     * @param authorization of who asks; null for none
     * @throws ShardUnavailableException when a partition cannot be asked now
     * @throws BusyException when it cannot be worked on, or takes too long
     */
    Live now(@Nullable String authorization, long nowMs);
  }

  /**
   * Paces a look.
   *
   * @param clockMs milliseconds since the epoch
   */
  public LiveOverview(Look look, LongSupplier clockMs) {
    this.look = look;
    this.clockMs = clockMs;
  }

  /**
   * How all is: seen a second ago at most, or longer where it takes long to look. What goes wrong
   * is shared as well.
   *
   * @param authorization of who asks; null for none
   * @throws ShardUnavailableException when a partition cannot be asked now
   * @throws BusyException when it cannot be worked on, or takes too long
   */
  public Live now(@Nullable String authorization) {
    looking.lock();
    try {
      var began = clockMs.getAsLong();
      if (began < nextMs) {
        return outcome();
      }
      last = null;
      failure = null;
      try {
        last = look.now(authorization, began);
      } catch (ShardUnavailableException | BusyException e) {
        failure = e;
      } finally {
        var ended = clockMs.getAsLong();
        nextMs = ended + Math.max(INTERVAL_MS, (ended - began) * REST_FACTOR);
      }
      return outcome();
    } finally {
      looking.unlock();
    }
  }

  private Live outcome() {
    var seen = last;
    if (seen != null) {
      return seen;
    }
    throw failure == null ? new BusyException("the overview is unavailable now") : failure;
  }

  /** How long until there is something new to see. */
  public Duration untilNext() {
    looking.lock();
    try {
      return Duration.ofMillis(Math.max(1, nextMs - clockMs.getAsLong()));
    } finally {
      looking.unlock();
    }
  }
}
