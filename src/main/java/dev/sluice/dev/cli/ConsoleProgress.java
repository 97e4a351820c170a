package dev.sluice.dev.cli;

import dev.sluice.cli.Out;
import dev.sluice.dev.bench.Progress;
import java.io.Console;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress on standard error: bars on a terminal, else a line for each piece of work. */
final class ConsoleProgress implements Progress {
  private static final int REDRAW_MS = 200;

  private final boolean terminal = isTerminal();

  @Override
  public Work begin(String name, long total) {
    return terminal ? new Bar(name, total) : new Line(name, total);
  }

  @Override
  public void say(String text) {
    Out.note(text);
  }

  private static boolean isTerminal() {
    var console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // before Java 22 there is a console on a terminal only
    }
  }

  private static final class Bar implements Work {
    private final ProgressBar bar;

    Bar(String name, long total) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(total)
              .setUpdateIntervalMillis(REDRAW_MS)
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
    }

    @Override
    public void reached(long done) {
      bar.stepTo(done);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  private static final class Line implements Work {
    private final String name;
    private final long began = System.nanoTime();
    private long done;

    Line(String name, long total) {
      this.name = name;
      Out.note("%s: %,d ...", name, total);
    }

    @Override
    public void reached(long done) {
      this.done = done;
    }

    @Override
    public void close() {
      var seconds = (System.nanoTime() - began) / 1e9;
      Out.note("%s: %,d in %.1f s", name, done, seconds);
    }
  }
}
