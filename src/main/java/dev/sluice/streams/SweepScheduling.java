package dev.sluice.streams;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Amount of sweep work at a time.
 *
 * @param inlineBudget makes the budget of the work that is done as soon as a revision arrives;
 *     bounds the size of a product that counts as small
 * @param scheduler decides about the work at a tick while a sweep lasts
 * @param aloneMaxMembers maximum number of members who are settled individually as soon as a
 *     revision arrives: the cost then depends on the products that they are members of, not on all
 *     that share a source
 */
public record SweepScheduling(
    Supplier<WorkBudget> inlineBudget, Scheduler scheduler, int aloneMaxMembers) {

  /** Decides when the tasks of a thread sweep, and for how long. */
  public interface Scheduler {
    /** Called when the calling thread processes input other than updates that cause sweeps. */
    void input();

    /**
     * Returns the slice that a task may do now; null if another task has its turn.
     *
     * @param task the task that asks: the same object each time
     */
    @Nullable WorkBudget begin(Object task);
  }

  /** Budget of some work. */
  @FunctionalInterface
  public interface WorkBudget {
    /**
     * Returns whether the work ends here.
     *
     * @param work work since the last call: a member, or a command, is 1
     */
    boolean endsAfter(int work);
  }

  /** Amount of work between two readings of the clock. */
  private static final int CLOCK_INTERVAL = 64;

  /**
   * Returns a scheduling that limits immediate work by number, and later work by time.
   *
   * @param atOnceMax maximum amount of immediate work
   * @param few maximum number of members who are settled individually
   * @param slice duration of a tick's slice while there is no input
   * @param nanoTime a clock in nanoseconds
   */
  public static SweepScheduling timed(
      int atOnceMax, int few, Duration slice, LongSupplier nanoTime) {
    return new SweepScheduling(
        () -> new Counted(atOnceMax), new AdaptiveSweepScheduler(slice, nanoTime), few);
  }

  /** Returns a scheduling with one member per slice, for tests that stop between any two. */
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

  /** A budget that ends at a time. */
  static final class Timed implements WorkBudget {
    private final long endNs;
    private final LongSupplier nanoTime;
    private int sinceClockRead;

    Timed(long endNs, LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
      this.endNs = endNs;
    }

    @Override
    public boolean endsAfter(int work) {
      sinceClockRead += work;
      if (sinceClockRead < CLOCK_INTERVAL) {
        return false;
      }
      sinceClockRead = 0;
      return nanoTime.getAsLong() - endNs >= 0;
    }
  }
}
