package dev.sluice.streams;

import dev.sluice.streams.SweepScheduling.Scheduler;
import dev.sluice.streams.SweepScheduling.WorkBudget;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares each thread's time between its sweeps and its input. While nothing else is to do, a sweep
 * gets one full slice after the other. While input comes, slices are short, only one task of the
 * thread has its turn at a time, and the thread rests from sweeping after it. The rest is what
 * counts: a stream thread that works at each look, as for a slice, takes one record of each task in
 * between and no more, however many are waiting.
 */
final class AdaptiveSweepScheduler implements Scheduler {
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

  /** An input between two slices shows that more may wait: it is worth resting for so long. */
  private static final long RECENT_NS = Duration.ofMillis(200).toNanos();

  /** A task that has not asked for so long is swept no more. */
  private static final long ASKED_NS = Duration.ofSeconds(1).toNanos();

  private final long sliceNs;
  private final LongSupplier nanoTime;
  private final ThreadLocal<OfThread> ofThread;

  /** What is known of one thread. */
  private static final class OfThread {
    /** When each task asked last; the first has its turn. */
    private final Map<Object, Long> tasks = new LinkedHashMap<>();

    private long windowNs;
    private int inputs;
    private int inputsBefore;
    private boolean inputSinceSlice;
    private long sliceEndNs;
    private long inputUntilNs;
    private long restUntilNs;

    OfThread(long nowNs) {
      windowNs = nowNs;
      sliceEndNs = nowNs - RECENT_NS;
      inputUntilNs = nowNs;
      restUntilNs = nowNs;
    }

    void input(long nowNs) {
      roll(nowNs);
      inputs++;
      inputSinceSlice = true;
    }

    private void roll(long nowNs) {
      if (nowNs - windowNs >= WINDOW_NS) {
        inputsBefore = nowNs - windowNs < 2 * WINDOW_NS ? inputs : 0;
        inputs = 0;
        windowNs = nowNs;
      }
    }

    boolean hasInput(long nowNs) {
      roll(nowNs);
      if (inputSinceSlice && nowNs - sliceEndNs < RECENT_NS) {
        inputUntilNs = nowNs + RECENT_NS;
      }
      return inputs + inputsBefore >= INPUTS_MIN || nowNs - inputUntilNs < 0;
    }

    WorkBudget slice(long nowNs, long lengthNs, LongSupplier nanoTime) {
      inputSinceSlice = false;
      sliceEndNs = nowNs + lengthNs;
      return new SweepScheduling.Timed(sliceEndNs, nanoTime);
    }
  }

  AdaptiveSweepScheduler(Duration slice, LongSupplier nanoTime) {
    sliceNs = slice.toNanos();
    this.nanoTime = nanoTime;
    ofThread = ThreadLocal.withInitial(() -> new OfThread(nanoTime.getAsLong()));
  }

  @Override
  public void input() {
    ofThread.get().input(nanoTime.getAsLong());
  }

  @Override
  public @Nullable WorkBudget begin(Object task) {
    var now = nanoTime.getAsLong();
    var thread = ofThread.get();
    if (!thread.hasInput(now)) {
      return thread.slice(now, sliceNs, nanoTime);
    }
    thread.tasks.put(task, now);
    thread.tasks.values().removeIf(asked -> now - asked > ASKED_NS);
    if (now - thread.restUntilNs < 0 || thread.tasks.keySet().iterator().next() != task) {
      return null;
    }
    thread.tasks.remove(task);
    var lengthNs = sliceNs / SHORT_PART;
    thread.restUntilNs = now + lengthNs + REST * lengthNs;
    return thread.slice(now, lengthNs, nanoTime);
  }
}
