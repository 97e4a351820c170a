package dev.sluice.access;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How much of a sweep is done in one go.
 *
 * @param atOnce makes the slice that is done as soon as a revision comes: it bounds what counts as
 *     a small product
 * @param turns says what is done at a tick while a sweep lasts
 * @param few up to so many members are settled each on its own as soon as a revision comes: then
 *     what they are owed costs by the products that they are members of, and not by all that share
 *     a source
 */
public record Slicing(Supplier<Slice> atOnce, Turns turns, int few) {

  /** Says when the tasks of a thread sweep, and for how long. */
  public interface Turns {
    /** The calling thread has input, apart from what sweeps come from. */
    void input();

    /**
     * The slice that a task may do now; null when it is not its turn.
     *
     * @param task who asks: the same object each time
     */
    @Nullable Slice begin(Object task);
  }

  /** Some work that comes to an end. */
  @FunctionalInterface
  public interface Slice {
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
  public static Slicing timed(int atOnceMax, int few, Duration slice, LongSupplier nanoTime) {
    return new Slicing(() -> new Counted(atOnceMax), new TimedTurns(slice, nanoTime), few);
  }

  /** One member in each slice: for tests that want to stop between any two. */
  public static Slicing byMember() {
    return new Slicing(
        () -> new Counted(1),
        new Turns() {
          @Override
          public void input() {}

          @Override
          public Slice begin(Object task) {
            return new Counted(1);
          }
        },
        0);
  }

  private static final class Counted implements Slice {
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
  static final class Timed implements Slice {
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
