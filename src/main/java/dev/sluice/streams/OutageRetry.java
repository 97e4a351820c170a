package dev.sluice.streams;

/**
 * What a stage does while it cannot decide or write rightly, because something it needs cannot be
 * asked now: it waits, on its thread, so that nothing is rejected and nothing overtakes.
 */
@FunctionalInterface
public interface OutageRetry {

  /**
   * Waits a while.
   *
   * @param tries how often it was tried in vain, from 1
   * @return whether to try again; else the trouble propagates
   */
  boolean waitFor(int tries, RuntimeException trouble);
}
