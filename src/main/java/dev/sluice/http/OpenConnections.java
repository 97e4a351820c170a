package dev.sluice.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are open, and which of them gives way to another one. An address may open
 * one while at least as many places are free as the address then has: one address alone gets half
 * of them, the next one half of the rest. Beyond that, a new connection takes the place of the
 * oldest one without a request, of the address that has the most: connections that do nothing keep
 * no probe out. For any thread.
 *
 * @param <K> a connection
 */
final class OpenConnections<K> {
  private final int max;
  private final Map<K, Open> open = new LinkedHashMap<>();
  private final Map<String, Integer> ofAddress = new HashMap<>();

  /** A connection of an address: idle, or busy with a request, since then. */
  private record Open(String address, boolean busy, boolean fresh, long sinceNs) {}

  /** How long a connection has been as it is. */
  @FunctionalInterface
  interface Visitor<K> {
    /**
     * Sees one connection.
     *
     * @param busy whether a request is being answered
     * @param fresh whether there was no request yet
     * @param ageNs since the last change of either
     */
    void visit(K connection, boolean busy, boolean fresh, long ageNs);
  }

  /** For at most so many connections, at least 1. */
  OpenConnections(int max) {
    this.max = max;
  }

  /**
   * Adds a new connection.
   *
   * @return the connection that is to be closed: the new one, another one, or null for none
   */
  synchronized @Nullable K add(K connection, String address, long nowNs) {
    var before = open.size();
    open.put(connection, new Open(address, false, true, nowNs));
    var same = ofAddress.merge(address, 1, Integer::sum);
    if (before < max && same <= Math.max(1, max - before)) {
      return null;
    }
    var giving = givingWay(same);
    return giving == null ? connection : giving;
  }

  /** The oldest idle connection of the address that has the most, which are at least so many. */
  private @Nullable K givingWay(int least) {
    K found = null;
    int most = least - 1;
    for (var entry : open.entrySet()) { // the oldest first
      var of = ofAddress.getOrDefault(entry.getValue().address(), 0);
      if (of > most && !entry.getValue().busy()) {
        found = entry.getKey();
        most = of;
      }
    }
    return found;
  }

  /** Notes that a request began on a connection, or ended. */
  synchronized void turn(K connection, boolean busy, long nowNs) {
    open.computeIfPresent(
        connection, (key, state) -> new Open(state.address(), busy, false, nowNs));
  }

  /** Removes a connection that is closed. */
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
