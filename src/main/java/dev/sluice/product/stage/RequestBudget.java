package dev.sluice.product.stage;

/**
 * How much of a long piece of work one go has done, and whether that is enough: by number and by
 * bytes, since a request may have up to a mebibyte. It bounds the transaction and the memory.
 */
final class RequestBudget {
  /** So many requests at most. */
  static final int REQUESTS_MAX = 2_000;

  /** It ends with the request that comes to so many bytes. */
  static final long BYTES_MAX = 4L << 20;

  private final int max;
  private int requests;
  private long bytes;

  RequestBudget() {
    this(REQUESTS_MAX);
  }

  /** One of fewer requests. */
  RequestBudget(int max) {
    this.max = max;
  }

  boolean isFull() {
    return requests >= max || bytes >= BYTES_MAX;
  }

  /**
   * A request is done.
   *
   * @param weight what was read and written for it, in bytes, about
   */
  void did(long weight) {
    requests++;
    bytes += weight;
  }

  /** Something more was read or written. */
  void also(long weight) {
    bytes += weight;
  }

  /** So many requests are done. */
  int requests() {
    return requests;
  }

  /** So many requests would fill it. */
  int max() {
    return max;
  }
}
