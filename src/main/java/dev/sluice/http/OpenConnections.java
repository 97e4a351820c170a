package dev.sluice.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The open connections, and the choice of one to close. An address may open one while at least as
 * many places are free as the address then has: one address gets half of them, the next one half of
 * the rest. Beyond that, a new connection replaces the oldest one without a request, of the address
 * with the most connections. Therefore idle connections cannot block probes. Thread-safe.
 *
 * @param <K> a connection
 */
final class OpenConnections<K> {
  private final int max;
  private final Map<K, Open> open = new LinkedHashMap<>();
  private final Map<String, Integer> ofAddress = new HashMap<>();

  /** A connection of an address, and the time since which it is idle or busy. */
  private record Open(String address, boolean busy, boolean fresh, long sinceNs) {}

  /** Receives the state of connections. */
  @FunctionalInterface
  interface Visitor<K> {
    /**
     * Receives one connection.
     *
     * @param busy whether a request is being answered
     * @param fresh whether there was no request yet
     * @param ageNs time since the last change of either
     */
    void visit(K connection, boolean busy, boolean fresh, long ageNs);
  }

  /**
   * Creates the set.
   *
   * @param max maximum number of connections, at least 1
   */
  OpenConnections(int max) {
    this.max = max;
  }

  /**
   * Adds a new connection.
   *
   * @return the connection to close: the new one, another one, or null for none
   */
  synchronized @Nullable K add(K connection, String address, long nowNs) {
    var before = open.size();
    open.put(connection, new Open(address, false, true, nowNs));
    var same = ofAddress.merge(address, 1, Integer::sum);
    if (before < max && same <= Math.max(1, max - before)) {
      return null;
    }
    var giving = givingWay(same);
    var closing = giving == null ? connection : giving;
    // At once: until it is closed, it would be chosen for other new connections too.
    remove(closing);
    return closing;
  }

  /**
   * Returns the oldest idle connection of the address with the most connections, if it has at least
   * the given number.
   */
  private @Nullable K givingWay(int least) {
    K found = null;
    int most = least - 1;
    for (var entry : open.entrySet()) { // oldest first
      var of = ofAddress.getOrDefault(entry.getValue().address(), 0);
      if (of > most && !entry.getValue().busy()) {
        found = entry.getKey();
        most = of;
      }
    }
    return found;
  }

  /** Records the start or end of a request on a connection. */
  synchronized void turn(K connection, boolean busy, long nowNs) {
    open.computeIfPresent(
        connection, (key, state) -> new Open(state.address(), busy, false, nowNs));
  }

  /** Removes a closed connection. */
  synchronized void remove(K connection) {
    var state = open.remove(connection);
    if (state != null) {
      ofAddress.computeIfPresent(state.address(), (a, n) -> n == 1 ? null : n - 1);
    }
  }

  synchronized boolean isEmpty() {
    return open.isEmpty();
  }

  synchronized int size() {
    return open.size();
  }

  /** Shows all connections. */
  void visit(long nowNs, Visitor<K> visitor) {
    List<Map.Entry<K, Open>> all;
    synchronized (this) {
      all = new ArrayList<>();
      open.forEach((key, state) -> all.add(Map.entry(key, state)));
    }
    for (var each : all) {
      var state = each.getValue();
      visitor.visit(each.getKey(), state.busy(), state.fresh(), nowNs - state.sinceNs());
    }
  }
}
