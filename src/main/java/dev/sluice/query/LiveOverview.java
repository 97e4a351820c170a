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
 * Live overview shared by all viewers. Refreshed at most once a second, and only while there is a
 * viewer.
 */
public final class LiveOverview {
  private static final long INTERVAL_MS = 1_000;

  /** Minimum pause after a refresh, as a multiple of its duration. */
  private static final int REST_FACTOR = 10;

  private final Reader reader;
  private final LongSupplier clockMs;
  private final Lock lock = new ReentrantLock();
  private @Nullable Live last;
  private @Nullable RuntimeException failure;
  private long nextMs;

  /** Reads the overview. */
  @FunctionalInterface
  public interface Reader {

    /**
     * Reads the current overview.
     *
     * @param authorization the caller's header; null if missing
     * @throws ShardUnavailableException if a partition is unavailable
     * @throws BusyException if the worker is busy, or the query takes too long
     */
    Live now(@Nullable String authorization, long nowMs);
  }

  /**
   * Creates the shared overview.
   *
   * @param clockMs milliseconds since the epoch
   */
  public LiveOverview(Reader reader, LongSupplier clockMs) {
    this.reader = reader;
    this.clockMs = clockMs;
  }

  /**
   * Returns an overview that is at most a second old, or older if reading takes long. Errors are
   * shared as well.
   *
   * @param authorization the caller's header; null if missing
   * @throws ShardUnavailableException if a partition is unavailable
   * @throws BusyException if the worker is busy, or the query takes too long
   */
  public Live now(@Nullable String authorization) {
    lock.lock();
    try {
      var began = clockMs.getAsLong();
      if (began < nextMs) {
        return outcome();
      }
      last = null;
      failure = null;
      try {
        last = reader.now(authorization, began);
      } catch (ShardUnavailableException | BusyException e) {
        failure = e;
      } finally {
        var ended = clockMs.getAsLong();
        nextMs = ended + Math.max(INTERVAL_MS, (ended - began) * REST_FACTOR);
      }
      return outcome();
    } finally {
      lock.unlock();
    }
  }

  private Live outcome() {
    var seen = last;
    if (seen != null) {
      return seen;
    }
    throw failure == null ? new BusyException("the overview is unavailable now") : failure;
  }

  /** Returns the time until the next refresh. */
  public Duration untilNext() {
    lock.lock();
    try {
      return Duration.ofMillis(Math.max(1, nextMs - clockMs.getAsLong()));
    } finally {
      lock.unlock();
    }
  }
}
