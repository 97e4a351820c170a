package dev.sluice.http;

/**
 * Watches one direction of a connection: while the worker waits for the other side, 10,000 bytes
 * have to pass within ten seconds, again and again. For one thread.
 */
final class TransferPace {
  /** Bytes that have to pass within {@link #STEP_NS}; else the connection stalls. */
  static final long STEP_BYTES = 10_000;

  static final long STEP_NS = 10_000_000_000L;

  private final long stepNs;
  private boolean waited;
  private long fromNs;
  private long fromBytes;

  /** With another step than the usual one, in nanoseconds. */
  TransferPace(long stepNs) {
    this.stepNs = stepNs;
  }

  /**
   * Whether too few bytes have passed since the step began; called about once a second.
   *
   * @param waits whether the worker waits for the other side now
   * @param bytes that have passed since the connection was opened
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
