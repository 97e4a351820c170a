package dev.sluice.streams;

/**
 * Retries while a stage cannot decide or write, because a service that the stage needs is
 * unavailable. The stage's thread waits, so nothing is rejected and the order stays.
 */
@FunctionalInterface
public interface OutageRetry {

  /**
   * Waits before the next try.
   *
   * @param tries number of failed tries, from 1
   * @return whether to try again; else the exception propagates
   */
  boolean waitFor(int tries, RuntimeException trouble);
}
