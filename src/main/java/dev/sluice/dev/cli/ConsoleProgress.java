package dev.sluice.dev.cli;

import dev.sluice.cli.ProgressBar;
import dev.sluice.cli.Terminal;
import dev.sluice.dev.bench.Progress;

/** Prints progress on standard error: a bar on a terminal, else a line for each piece of work. */
final class ConsoleProgress implements Progress {
  @Override
  public Work begin(String name, long total) {
    return ProgressBar.IS_TERMINAL ? new Bar(name, total) : new Line(name, total);
  }

  @Override
  public void say(String text) {
    Terminal.note(text);
  }

  private static final class Bar implements Work {
    private final ProgressBar bar;

    Bar(String name, long total) {
      bar = new ProgressBar(name, total);
    }

    @Override
    public void reached(long done) {
      bar.reached(done);
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
      Terminal.note("%s: %,d ...", name, total);
    }

    @Override
    public void reached(long done) {
      this.done = done;
    }

    @Override
    public void close() {
      var seconds = (System.nanoTime() - began) / 1e9;
      Terminal.note("%s: %,d in %.1f s", name, done, seconds);
    }
  }
}
