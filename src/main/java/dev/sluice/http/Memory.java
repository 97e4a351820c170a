package dev.sluice.http;

import io.javalin.http.HttpResponseException;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * A share of the memory that requests may take all together. Who finds none left is to come again.
 * For any thread.
 */
final class Memory {
  private static final int KIB = 1024;
  private static final int LEAST_KIB = 1024;

  private final String what;
  private final int size;
  private final Semaphore free;

  /**
   * A share.
   *
   * @param what goes there, for who finds none left
   * @param bytes at least a mebibyte is taken
   */
  Memory(String what, long bytes) {
    this.what = what;
    size = (int) Math.clamp(bytes / KIB, LEAST_KIB, Integer.MAX_VALUE);
    free = new Semaphore(size);
  }

  /** One request's part of it. For one thread, but that another may let it go. */
  Held hold() {
    return new Held();
  }

  /** What one request has of it. */
  final class Held implements AutoCloseable {
    private int kib;

    /**
     * Has so much in all; what is more than the whole share counts as the whole.
     *
     * @throws HttpResponseException when there is not so much left
     */
    synchronized void grow(long bytes) {
      int wanted = (int) Math.min(size, (bytes + KIB - 1) / KIB);
      if (wanted <= kib) {
        return;
      }
      if (!free.tryAcquire(wanted - kib)) {
        throw new HttpResponseException(
            ApiGuard.UNAVAILABLE,
            "too much at once: the worker's memory for %s is in use; ask again in a moment"
                .formatted(what),
            Map.of());
      }
      kib = wanted;
    }

    @Override
    public synchronized void close() {
      free.release(kib);
      kib = 0;
    }
  }
}
