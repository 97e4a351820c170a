package dev.sluice.query;

import dev.sluice.query.QueryGateway.BusyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs queries on a limited number of platform threads, which the operating system schedules
 * fairly. A virtual thread that computes would block its carrier, and thereby other virtual
 * threads.
 *
 * <p>A caller may take a thread while at least as many are free as the caller then holds: one
 * caller gets half of them, the next one half of the rest. Thread-safe.
 */
final class QueryThreads implements AutoCloseable {
  private final int size;
  private final ExecutorService threads;
  private final Map<String, Integer> taken = new HashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private int free;

  /** A query that waits for a thread. */
  private record Waiting(String caller, CountDownLatch admitted) {}

  /**
   * Creates the threads.
   *
   * @param name of the threads
   * @param size their number, at least 2
   */
  QueryThreads(String name, int size) {
    this.size = size;
    free = size;
    threads =
        Executors.newFixedThreadPool(
            size, Thread.ofPlatform().daemon().name(name + '-', 1).factory());
  }

  /** Returns a size that leaves processors for the stream threads. */
  static int usual() {
    return Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
  }

  /**
   * Runs one query and waits for its result.
   *
   * @param caller whose share of the threads is used
   * @param wait maximum time to wait for a thread
   * @throws BusyException if no thread becomes free in time
   */
  <T> T run(String caller, Duration wait, Supplier<T> work) {
    take(caller, wait);
    Future<T> result;
    try {
      result =
          threads.submit(
              () -> {
                try {
                  return work.get();
                } finally {
                  giveBack(caller);
                }
              });
    } catch (RejectedExecutionException e) {
      giveBack(caller);
      throw new BusyException("the worker is stopping");
    }
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      result.cancel(true);
      Thread.currentThread().interrupt();
      throw new BusyException("interrupted");
    }
  }

  private void take(String caller, Duration wait) {
    Waiting mine;
    synchronized (this) {
      if (mayEnter(caller) && isFirst(caller)) {
        enter(caller);
        return;
      }
      mine = new Waiting(caller, new CountDownLatch(1));
      waiting.add(mine);
    }
    try {
      if (mine.admitted().await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      if (!forget(mine)) {
        giveBack(caller);
      }
      Thread.currentThread().interrupt();
      throw new BusyException("interrupted");
    }
    if (!forget(mine)) {
      return; // admitted in the last moment
    }
    throw tooMany(caller);
  }

  /** Returns the number of waiting queries. */
  synchronized int waiting() {
    return waiting.size();
  }

  private synchronized boolean forget(Waiting one) {
    return waiting.remove(one);
  }

  private synchronized BusyException tooMany(String caller) {
    return of(caller) > 0
        ? BusyException.ofCaller(
            "%s uses %d of %d places for queries, which is the limit for one caller; try again when one of them is answered"
                .formatted(caller, of(caller), size))
        : new BusyException("too many queries at once: try again in a moment");
  }

  private int of(String caller) {
    return taken.getOrDefault(caller, 0);
  }

  private boolean mayEnter(String caller) {
    return of(caller) + 1 <= free;
  }

  /** Returns whether no waiting caller holds fewer threads, or as many. */
  private boolean isFirst(String caller) {
    return waiting.stream().noneMatch(w -> mayEnter(w.caller()) && of(w.caller()) <= of(caller));
  }

  private void enter(String caller) {
    free--;
    taken.merge(caller, 1, Integer::sum);
  }

  private synchronized void giveBack(String caller) {
    free++;
    taken.computeIfPresent(caller, (name, n) -> n == 1 ? null : n - 1);
    for (var next = next(); next != null; next = next()) {
      waiting.remove(next);
      enter(next.caller());
      next.admitted().countDown();
    }
  }

  /**
   * Returns the first waiting query of those callers that may take a thread and hold the fewest.
   */
  private @Nullable Waiting next() {
    Waiting found = null;
    for (var each : waiting) {
      if (mayEnter(each.caller()) && (found == null || of(each.caller()) < of(found.caller()))) {
        found = each;
      }
    }
    return found;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
