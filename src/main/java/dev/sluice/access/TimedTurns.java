package dev.sluice.access;

import dev.sluice.access.Slicing.Slice;
import dev.sluice.access.Slicing.Turns;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares each thread's time between its sweeps and its input. While nothing else is to do, a sweep
 * gets one full slice after the other. While input comes, slices are short, only one task of the
 * thread has its turn at a time, and the thread rests from sweeping after it: so input is looked at
 * soon, and a transaction does not grow until its commit is slow.
 */
final class TimedTurns implements Turns {
  /** A slice while input comes, as a part of a full one. */
  private static final int SHORT_PART = 5;

  /** How long a thread rests after a short slice, in such slices. */
  private static final int REST = 2;

  /**
   * Input is counted over this long, and the same before. It comes in bursts, one for a commit
   * interval: were it forgotten between two, a thread would sweep at full length, commit later, see
   * the next burst later, and never find back.
   */
  private static final long WINDOW_NS = Duration.ofSeconds(1).toNanos();

  /** So many inputs in that time are worth resting for. */
  private static final int INPUTS_MIN = 10;

  /** A task that has not asked for so long is swept no more. */
  private static final long ASKED_NS = Duration.ofSeconds(1).toNanos();

  private final long sliceNs;
  private final LongSupplier nanoTime;
  private final ThreadLocal<Waiting> ofThread;

  /** What a thread knows. */
  private static final class Waiting {
    /** When each task asked last; the first has its turn. */
    private final Map<Object, Long> tasks = new LinkedHashMap<>();

    private long windowNs;
    private int inputs;
    private int inputsBefore;
    private long restUntilNs;

    Waiting(long nowNs) {
      windowNs = nowNs;
      restUntilNs = nowNs;
    }

    boolean hasInput(long nowNs) {
      if (nowNs - windowNs >= WINDOW_NS) {
        inputsBefore = nowNs - windowNs < 2 * WINDOW_NS ? inputs : 0;
        inputs = 0;
        windowNs = nowNs;
      }
      return inputs + inputsBefore >= INPUTS_MIN;
    }
  }

  TimedTurns(Duration slice, LongSupplier nanoTime) {
    sliceNs = slice.toNanos();
    this.nanoTime = nanoTime;
    ofThread = ThreadLocal.withInitial(() -> new Waiting(nanoTime.getAsLong()));
  }

  @Override
  public void input() {
    ofThread.get().inputs++;
  }

  @Override
  public @Nullable Slice begin(Object task) {
    var now = nanoTime.getAsLong();
    var waiting = ofThread.get();
    if (!waiting.hasInput(now)) {
      return new Slicing.Timed(now + sliceNs, nanoTime);
    }
    waiting.tasks.put(task, now);
    waiting.tasks.values().removeIf(asked -> now - asked > ASKED_NS);
    if (now - waiting.restUntilNs < 0 || waiting.tasks.keySet().iterator().next() != task) {
      return null;
    }
    waiting.tasks.remove(task);
    var endNs = now + sliceNs / SHORT_PART;
    waiting.restUntilNs = endNs + REST * sliceNs / SHORT_PART;
    return new Slicing.Timed(endNs, nanoTime);
  }
}
