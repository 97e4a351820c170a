package dev.sluice.event.codec;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how long a schema id is waited for after the registry reports the id as unknown. A
 * registry that has just started, or a follower that lags, reports valid ids as unknown too. The
 * answer therefore counts only if it stays the same for a while. Then the id is remembered as
 * unknown for {@link #REMEMBERED}: its events are not waited for again, though each still causes a
 * request.
 *
 * <p>A thread that waits holds a transaction open, and loses its uncommitted work if the wait takes
 * too long. After a wait without success, no other wait begins until as much time has passed again.
 * Waits for several ids in one transaction therefore do not add up.
 *
 * <p>All readers of a worker share one instance. Thread-safe.
 */
public final class UnknownSchemaWait {
  /** Time for which an id is not waited for again after a wait without success. */
  public static final Duration REMEMBERED = Duration.ofMinutes(10);

  /**
   * Maximum number of remembered ids; with as many, no further id is waited for, since the topic
   * would stand still.
   */
  static final int REMEMBERED_MAX = 8;

  private static final Logger LOG = LoggerFactory.getLogger(UnknownSchemaWait.class);

  private final Duration wait;
  private final LongSupplier clockNs;

  /** Time of each id's first unknown answer; oldest first. */
  private final Map<Integer, Long> since = new LinkedHashMap<>();

  /** Time at which each id was given up; oldest first. */
  private final Map<Integer, Long> abandoned = new LinkedHashMap<>();

  /** Time at which the last id was given up. */
  private @Nullable Long abandonedAt;

  /**
   * Creates an instance without remembered ids.
   *
   * @param wait maximum wait for an id, from its first unknown answer; zero for none
   * @param clockNs a clock in nanoseconds that never goes back
   */
  public UnknownSchemaWait(Duration wait, LongSupplier clockNs) {
    this.wait = wait;
    this.clockNs = clockNs;
  }

  /** Returns an instance that never waits. */
  public static UnknownSchemaWait rejected() {
    return new UnknownSchemaWait(Duration.ZERO, System::nanoTime);
  }

  /** Returns the maximum wait for an id, in milliseconds. */
  long waitMs() {
    return wait.toMillis();
  }

  /** Called after the registry reported the id as unknown; returns whether to ask again later. */
  synchronized boolean isWaitedFor(int id) {
    var now = clockNs.getAsLong();
    forget(now);
    if (wait.isZero() || abandoned.containsKey(id)) {
      return false;
    }
    var first = since.get(id);
    if (first == null) {
      if (abandoned.size() + since.size() >= REMEMBERED_MAX || isResting(now)) {
        return false;
      }
      since.put(id, now);
      return true;
    }
    if (now - first < wait.toNanos()) {
      return true;
    }
    since.remove(id);
    abandoned.put(id, now);
    abandonedAt = now;
    LOG.warn(
        "the schema registry has reported schema id {} as unknown for {} ms; its events"
            + " are rejected, and for {} minutes there is no wait for this id",
        id,
        Duration.ofNanos(now - first).toMillis(),
        REMEMBERED.toMinutes());
    return false;
  }

  /** Returns the remaining wait for an id, in milliseconds; 0 if there is none. */
  synchronized long leftMs(int id) {
    var first = since.get(id);
    return first == null ? 0 : Math.max(0, wait.minusNanos(clockNs.getAsLong() - first).toMillis());
  }

  private boolean isResting(long now) {
    return abandonedAt != null && now - abandonedAt < wait.toNanos();
  }

  /** Called after the registry returned the id's schema. */
  synchronized void isKnown(int id) {
    if (since.isEmpty() && abandoned.isEmpty()) {
      return;
    }
    since.remove(id);
    abandoned.remove(id);
  }

  private void forget(long now) {
    drop(abandoned.values().iterator(), now, REMEMBERED);
    // Drops an id that nothing asks for any more, because its reader is gone.
    drop(since.values().iterator(), now, wait.plus(REMEMBERED));
  }

  private static void drop(Iterator<Long> times, long now, Duration after) {
    while (times.hasNext() && now - times.next() >= after.toNanos()) {
      times.remove();
    }
  }
}
