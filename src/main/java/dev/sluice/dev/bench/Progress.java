package dev.sluice.dev.bench;

/** Receives the progress of a measurement. */
public interface Progress {

  /** One piece of work in progress. */
  interface Work extends AutoCloseable {
    /** Sets the total amount of completed work. */
    void reached(long done);

    @Override
    void close();
  }

  /** Begins a piece of work of a known size; closing it ends it. */
  Work begin(String name, long total);

  /** Prints one line for people. */
  void say(String text);
}
