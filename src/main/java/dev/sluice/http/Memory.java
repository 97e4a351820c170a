package dev.sluice.http;

import io.javalin.http.HttpResponseException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A share of the memory that requests may take all together. Who finds none left is to come again.
 * One caller has half of it at most, so that nobody alone keeps everybody else out. For any thread.
 */
final class Memory {
  private static final int KIB = 1024;
  private static final int LEAST_KIB = 1024;

  private final String what;
  private final int size;
  private final Map<String, Integer> byCaller = new HashMap<>();
  private int taken;

  /**
   * A share.
   *
   * @param what goes there, for who finds none left
   * @param bytes at least a mebibyte is taken
   */
  Memory(String what, long bytes) {
    this.what = what;
    size = (int) Math.clamp(bytes / KIB, LEAST_KIB, Integer.MAX_VALUE);
  }

  /** One request's part of it, whoever asks. For one thread, but that another may let it go. */
  Held hold() {
    return new Held(null);
  }

  /** As {@link #hold()}, of a caller, who has half of it at most with all requests together. */
  Held hold(String caller) {
    return new Held(caller);
  }

  private synchronized void take(@Nullable String caller, int kib) {
    if (caller != null && byCaller.getOrDefault(caller, 0) + kib > size / 2) {
      throw tooMuch(
          "%s has half of the worker's memory for %s in use, which is a caller's share"
              .formatted(caller, what));
    }
    if (taken + kib > size) {
      throw tooMuch("the worker's memory for %s is in use".formatted(what));
    }
    taken += kib;
    if (caller != null) {
      byCaller.merge(caller, kib, Integer::sum);
    }
  }

  private synchronized void giveBack(@Nullable String caller, int kib) {
    taken -= kib;
    if (caller != null) {
      byCaller.computeIfPresent(caller, (name, all) -> all == kib ? null : all - kib);
    }
  }

  private static HttpResponseException tooMuch(String why) {
    return new HttpResponseException(
        ApiGuard.UNAVAILABLE,
        "too much at once: %s; ask again in a moment".formatted(why),
        Map.of());
  }

  /** What one request has of it. */
  final class Held implements AutoCloseable {
    private final @Nullable String caller;
    private int kib;

    private Held(@Nullable String caller) {
      this.caller = caller;
    }

    /**
     * Has so much in all; what is more than one may have counts as all that one may have.
     *
     * @throws HttpResponseException when there is not so much left
     */
    synchronized void grow(long bytes) {
      int most = caller == null ? size : size / 2;
      int wanted = (int) Math.min(most, (bytes + KIB - 1) / KIB);
      if (wanted <= kib) {
        return;
      }
      take(caller, wanted - kib);
      kib = wanted;
    }

    @Override
    public synchronized void close() {
      giveBack(caller, kib);
      kib = 0;
    }
  }
}
