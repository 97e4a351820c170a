package dev.sluice.cli;

import java.io.Console;
import java.util.Locale;

/**
 * Progress bar with share, number, rate and remaining time: one line on standard error, redrawn in
 * place. It is drawn on a terminal only.
 */
public final class ProgressBar implements AutoCloseable {
  /** Whether the program runs on a terminal. */
  public static final boolean IS_TERMINAL = isTerminal();

  private static final long REDRAW_NS = 200_000_000;
  private static final int WIDTH = 20;

  /** Length of the line: a longer one could wrap, and each redraw would leave its first row. */
  private static final int LINE_MAX = 79;

  private final String name;
  private final long total;
  private final long began = System.nanoTime();
  private long drawn = began - REDRAW_NS;
  private long done;

  /**
   * Creates a bar; nothing is drawn before the first step.
   *
   * @param total the number of steps; -1 if unknown
   */
  public ProgressBar(String name, long total) {
    this.name = name;
    this.total = total;
  }

  void step() {
    reached(done + 1);
  }

  /** Sets the number of completed steps, and redraws the line if the interval has passed. */
  public void reached(long done) {
    this.done = done;
    if (IS_TERMINAL && System.nanoTime() - drawn >= REDRAW_NS) {
      draw();
    }
  }

  private void draw() {
    drawn = System.nanoTime();
    System.err.print("\r" + text(name, done, total, (drawn - began) / 1e9));
    System.err.flush();
  }

  @Override
  public void close() {
    if (IS_TERMINAL) {
      draw();
      System.err.println();
    }
  }

  /** Returns the line, padded to a fixed length so that it covers the previous one. */
  static String text(String name, long done, long total, double seconds) {
    var rate = seconds == 0 ? 0 : done / seconds;
    var text =
        total <= 0
            ? String.format(Locale.ROOT, "%s %,d, %,.0f/s, %.0f s", name, done, rate, seconds)
            : String.format(
                Locale.ROOT,
                "%s %3d%% [%-" + WIDTH + "s] %,d/%,d, %,.0f/s, %s",
                name,
                100 * done / total,
                "=".repeat((int) (WIDTH * Math.min(done, total) / total)),
                done,
                total,
                rate,
                rate == 0 || done >= total
                    ? String.format(Locale.ROOT, "%.0f s", seconds)
                    : String.format(Locale.ROOT, "%.0f s left", (total - done) / rate));
    return String.format("%-" + LINE_MAX + "." + LINE_MAX + "s", text);
  }

  private static boolean isTerminal() {
    var console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // before Java 22, a console exists on a terminal only
    }
  }
}
