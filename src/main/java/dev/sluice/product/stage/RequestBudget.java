package dev.sluice.product.stage;

/**
 * Budget of one slice of work, by number of requests and by bytes, since a request may have up to a
 * mebibyte. Bounds the transaction and the memory.
 */
final class RequestBudget {
  /** Maximum number of requests. */
  static final int REQUESTS_MAX = 2_000;

  /** Size in bytes after which the slice ends; the request that reaches it is the last. */
  static final long BYTES_MAX = 4L << 20;

  private final int max;
  private int requests;
  private long bytes;

  RequestBudget() {
    this(REQUESTS_MAX);
  }

  /** Creates a budget of fewer requests. */
  RequestBudget(int max) {
    this.max = max;
  }

  boolean isFull() {
    return requests >= max || bytes >= BYTES_MAX;
  }

  /**
   * Counts a processed request.
   *
   * @param weight approximate number of bytes read and written for it
   */
  void countRequest(long weight) {
    requests++;
    bytes += weight;
  }

  /** Counts further bytes that were read or written. */
  void countBytes(long weight) {
    bytes += weight;
  }

  /** Returns the number of processed requests. */
  int requests() {
    return requests;
  }

  /** Returns the maximum number of requests. */
  int max() {
    return max;
  }
}
