package dev.sluice.dev.bench;

/** Where a measurement says how far it is. */
public interface Progress {

  /** One piece of work under way. */
  interface Work extends AutoCloseable {
    /** So much of it is done by now, in all. */
    void reached(long done);

    @Override
    void close();
  }

  /** A piece of work of a known size begins; closing it ends it. */
  Work begin(String name, long total);

  /** One line for people. */
  void say(String text);
}
