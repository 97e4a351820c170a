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
 * How long a schema id is waited for that the registry says it does not have. A registry that has
 * just started, or a follower that lags, says so of a good id too; so the answer counts only when
 * it stays the same for a while. Then the id is remembered as unknown for {@link #REMEMBERED}: its
 * events are not waited for again, though the registry is still asked for each.
 *
 * <p>A thread that waits holds a transaction open, and all that it has not written is lost when
 * that takes too long. So when one id was waited for in vain, no other begins to be waited for
 * until as much time has passed again: waits for several ids in one transaction do not add up.
 *
 * <p>All readers of a worker share one. Safe for use by several threads.
 */
public final class UnknownSchemaWait {
  /** So long an id that was waited for in vain is not waited for again. */
  public static final Duration REMEMBERED = Duration.ofMinutes(10);

  /** While so many are remembered, no further one is waited for: the topic would stand still. */
  static final int REMEMBERED_MAX = 8;

  private static final Logger LOG = LoggerFactory.getLogger(UnknownSchemaWait.class);

  private final Duration wait;
  private final LongSupplier clockNs;

  /** When each was first unknown; oldest first. */
  private final Map<Integer, Long> since = new LinkedHashMap<>();

  /** When each was given up; oldest first. */
  private final Map<Integer, Long> givenUp = new LinkedHashMap<>();

  /** When the last one was given up. */
  private @Nullable Long givenUpAt;

  /**
   * None is known to be unknown yet.
   *
   * @param wait how long an id is waited for, from the first time that it was unknown; zero for not
   * @param clockNs a clock in nanoseconds that never goes back
   */
  public UnknownSchemaWait(Duration wait, LongSupplier clockNs) {
    this.wait = wait;
    this.clockNs = clockNs;
  }

  /** One that never waits. */
  public static UnknownSchemaWait rejected() {
    return new UnknownSchemaWait(Duration.ZERO, System::nanoTime);
  }

  /** How long an id is waited for, in milliseconds. */
  long waitMs() {
    return wait.toMillis();
  }

  /** The registry has just said that it does not have the id; whether to ask it again later. */
  synchronized boolean isWaitedFor(int id) {
    var now = clockNs.getAsLong();
    forget(now);
    if (wait.isZero() || givenUp.containsKey(id)) {
      return false;
    }
    var first = since.get(id);
    if (first == null) {
      if (givenUp.size() + since.size() >= REMEMBERED_MAX || isResting(now)) {
        return false;
      }
      since.put(id, now);
      return true;
    }
    if (now - first < wait.toNanos()) {
      return true;
    }
    since.remove(id);
    givenUp.put(id, now);
    givenUpAt = now;
    LOG.warn(
        "the schema registry has not had schema id {} for {} ms; events with it are rejected, and"
            + " for {} minutes it is not waited for again",
        id,
        Duration.ofNanos(now - first).toMillis(),
        REMEMBERED.toMinutes());
    return false;
  }

  /** How much longer an id is waited for, in milliseconds; 0 where it is not. */
  synchronized long leftMs(int id) {
    var first = since.get(id);
    return first == null ? 0 : Math.max(0, wait.minusNanos(clockNs.getAsLong() - first).toMillis());
  }

  private boolean isResting(long now) {
    return givenUpAt != null && now - givenUpAt < wait.toNanos();
  }

  /** The registry has given the id. */
  synchronized void isKnown(int id) {
    if (since.isEmpty() && givenUp.isEmpty()) {
      return;
    }
    since.remove(id);
    givenUp.remove(id);
  }

  private void forget(long now) {
    drop(givenUp.values().iterator(), now, REMEMBERED);
    // Of one that nobody asks for again, because its reader is gone, nothing is known.
    drop(since.values().iterator(), now, wait.plus(REMEMBERED));
  }

  private static void drop(Iterator<Long> times, long now, Duration after) {
    while (times.hasNext() && now - times.next() >= after.toNanos()) {
      times.remove();
    }
  }
}
