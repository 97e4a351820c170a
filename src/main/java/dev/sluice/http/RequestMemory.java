package dev.sluice.http;

import io.javalin.http.HttpResponseException;
import java.util.HashMap;
import java.util.Map;

/**
 * A part of the heap that requests may take all together. A request that finds none left is to come
 * again. A caller may take memory while at least as much is free as the caller then has: one caller
 * alone gets half of it, the next one half of the rest, and something is left for a third. For any
 * thread.
 */
final class RequestMemory {
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
  RequestMemory(String what, long bytes) {
    this.what = what;
    size = (int) Math.clamp(bytes / KIB, LEAST_KIB, Integer.MAX_VALUE);
  }

  /** One request's part of it. For one thread, but that another may let it go. */
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

  /** What one request has of it. */
  final class Held implements AutoCloseable {
    private String caller;
    private int kib;

    private Held(String caller) {
      this.caller = caller;
    }

    /** It is known now whose it is; without effect on what it has taken already. */
    synchronized void belongsTo(String known) {
      if (kib == 0) {
        caller = known;
      }
    }

    /**
     * Has so much in all; what is more than one may have counts as all that one may have.
     *
     * @throws HttpResponseException when there is not so much left
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
