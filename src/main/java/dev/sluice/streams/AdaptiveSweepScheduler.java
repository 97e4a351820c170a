package dev.sluice.streams;

import dev.sluice.streams.SweepScheduling.Scheduler;
import dev.sluice.streams.SweepScheduling.WorkBudget;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Divides each thread's time between its sweeps and its input. While there is no input, a sweep
 * gets one full slice after the other. While input arrives, slices are short, only one of the
 * thread's tasks sweeps at a time, and the thread pauses its sweeps afterwards. The pause is
 * essential: a stream thread that does sweep work in every punctuation processes only one record
 * per task between two punctuations, whatever the backlog.
 */
final class AdaptiveSweepScheduler implements Scheduler {
  /** Divisor of a full slice while input arrives. */
  private static final int SHORT_PART = 5;

  /** Pause of a thread after a short slice, as a number of such slices. */
  private static final int REST = 2;

  /**
   * Window in which input is counted; the window before counts too. Input arrives in bursts, one
   * per commit interval. If the count were lost between two bursts, a thread would sweep at full
   * length, commit later, see the next burst later, and never recover.
   */
  private static final long WINDOW_NS = Duration.ofSeconds(1).toNanos();

  /** Minimum number of inputs in the window for a pause. */
  private static final int INPUTS_MIN = 10;

  /** Duration of pauses after an input between two slices, which shows that more may be waiting. */
  private static final long RECENT_NS = Duration.ofMillis(200).toNanos();

  /** Maximum age of a task's last request; older tasks are swept no more. */
  private static final long ASKED_NS = Duration.ofSeconds(1).toNanos();

  private final long sliceNs;
  private final LongSupplier nanoTime;
  private final ThreadLocal<OfThread> ofThread;

  /** The state of one thread. */
  private static final class OfThread {
    /** Time of each task's last request; the first task has its turn. */
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
