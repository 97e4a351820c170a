package dev.sluice.streams;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How much of a sweep is done in one go.
 *
 * @param inlineBudget makes the slice that is done as soon as a revision comes: it bounds what
 *     counts as a small product
 * @param scheduler says what is done at a tick while a sweep lasts
 * @param aloneMaxMembers up to so many members are settled each on its own as soon as a revision
 *     comes: then what they are owed costs by the products that they are members of, and not by all
 *     that share a source
 */
public record SweepScheduling(
    Supplier<WorkBudget> inlineBudget, Scheduler scheduler, int aloneMaxMembers) {

  /** Says when the tasks of a thread sweep, and for how long. */
  public interface Scheduler {
    /** The calling thread has input, apart from what sweeps come from. */
    void input();

    /**
     * The slice that a task may do now; null when it is not its turn.
     *
     * @param task who asks: the same object each time
     */
    @Nullable WorkBudget begin(Object task);
  }

  /** Some work that comes to an end. */
  @FunctionalInterface
  public interface WorkBudget {
    /**
     * Whether it ends here.
     *
     * @param work how much was done since this was last asked: a member, or a command, is 1
     */
    boolean endsAfter(int work);
  }

  /** So much work, so many times the clock is looked at. */
  private static final int LOOK_EVERY = 64;

  /**
   * By number at once, by time after that.
   *
   * @param atOnceMax how much is done at once
   * @param few how many members are settled each on its own
   * @param slice how long a tick's slice lasts while there is no input
   * @param nanoTime a clock in nanoseconds
   */
  public static SweepScheduling timed(
      int atOnceMax, int few, Duration slice, LongSupplier nanoTime) {
    return new SweepScheduling(
        () -> new Counted(atOnceMax), new AdaptiveSweepScheduler(slice, nanoTime), few);
  }

  /** One member in each slice: for tests that want to stop between any two. */
  public static SweepScheduling byMember() {
    return new SweepScheduling(
        () -> new Counted(1),
        new Scheduler() {
          @Override
          public void input() {}

          @Override
          public WorkBudget begin(Object task) {
            return new Counted(1);
          }
        },
        0);
  }

  private static final class Counted implements WorkBudget {
    private long left;

    Counted(int max) {
      left = max;
    }

    @Override
    public boolean endsAfter(int work) {
      left -= work;
      return left <= 0;
    }
  }

  /** Ends at a time. */
  static final class Timed implements WorkBudget {
    private final long endNs;
    private final LongSupplier nanoTime;
    private int sinceLook;

    Timed(long endNs, LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
      this.endNs = endNs;
    }

    @Override
    public boolean endsAfter(int work) {
      sinceLook += work;
      if (sinceLook < LOOK_EVERY) {
        return false;
      }
      sinceLook = 0;
      return nanoTime.getAsLong() - endNs >= 0;
    }
  }
}
