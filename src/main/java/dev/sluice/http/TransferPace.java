package dev.sluice.http;

/**
 * Measures one direction of a connection. While the worker waits for the other side, at least
 * 10,000 bytes must pass in every ten seconds. For one thread.
 */
final class TransferPace {
  /** Minimum number of bytes within {@link #STEP_NS}; with fewer, the connection is stalled. */
  static final long STEP_BYTES = 10_000;

  static final long STEP_NS = 10_000_000_000L;

  private final long stepNs;
  private boolean waited;
  private long fromNs;
  private long fromBytes;

  /** Creates a measurement with another step, in nanoseconds. */
  TransferPace(long stepNs) {
    this.stepNs = stepNs;
  }

  /**
   * Returns whether too few bytes have passed in the current step; called about once a second.
   *
   * @param waits whether the worker is waiting for the other side
   * @param bytes bytes since the connection was opened
   */
  boolean isStalled(boolean waits, long bytes, long nowNs) {
    if (!waits) {
      waited = false;
      return false;
    }
    if (!waited || bytes - fromBytes >= STEP_BYTES) {
      waited = true;
      fromNs = nowNs;
      fromBytes = bytes;
      return false;
    }
    return nowNs - fromNs > stepNs;
  }
}
