package dev.sluice.http;

import io.javalin.http.HttpResponseException;
import java.util.HashMap;
import java.util.Map;

/**
 * A part of the heap shared by requests. A request beyond it must be repeated later. A caller may
 * take memory while at least as much is free as the caller then holds: one caller gets half, the
 * next one half of the rest. Thread-safe.
 */
final class RequestMemory {
  private static final int KIB = 1024;
  private static final int LEAST_KIB = 1024;

  private final String what;
  private final int size;
  private final Map<String, Integer> byCaller = new HashMap<>();
  private int taken;

  /**
   * Creates a share.
   *
   * @param what its purpose, for error texts
   * @param bytes size; rounded up to a mebibyte
   */
  RequestMemory(String what, long bytes) {
    this.what = what;
    size = (int) Math.clamp(bytes / KIB, LEAST_KIB, Integer.MAX_VALUE);
  }

  /** Creates one request's part. The part belongs to one thread, but any thread may release it. */
  Held hold(String caller) {
    return new Held(caller);
  }

  private synchronized void take(String caller, int kib) {
    var mine = byCaller.getOrDefault(caller, 0);
    if (mine + kib > size - taken - kib) {
      throw tooMuch(
          mine == 0
              ? "the worker's memory for %s is in use".formatted(what)
              : "%s uses its whole share of the worker's memory for %s".formatted(caller, what));
    }
    taken += kib;
    byCaller.put(caller, mine + kib);
  }

  private synchronized void giveBack(String caller, int kib) {
    taken -= kib;
    byCaller.computeIfPresent(caller, (name, all) -> all == kib ? null : all - kib);
  }

  private static HttpResponseException tooMuch(String why) {
    return new HttpResponseException(
        ApiGuard.UNAVAILABLE,
        "too many calls at once: %s; try again in a moment".formatted(why),
        Map.of());
  }

  /** Memory of one request. */
  final class Held implements AutoCloseable {
    private String caller;
    private int kib;

    private Held(String caller) {
      this.caller = caller;
    }

    /** Sets the caller once known; memory already taken is not affected. */
    synchronized void belongsTo(String known) {
      if (kib == 0) {
        caller = known;
      }
    }

    /**
     * Sets the total size. A size above one caller's maximum counts as that maximum.
     *
     * @throws HttpResponseException if not enough memory is free
     */
    synchronized void grow(long bytes) {
      int wanted = (int) Math.min(size / 2, (bytes + KIB - 1) / KIB);
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
