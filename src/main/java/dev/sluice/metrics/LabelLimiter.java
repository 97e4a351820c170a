package dev.sluice.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds the values of a label that come from input: the first so many are told apart, and all that
 * come after them are one.
 */
final class LabelLimiter {
  static final String OTHER = "other";

  private final int max;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  LabelLimiter(int max) {
    this.max = max;
  }

  String of(String value) {
    if (known.contains(value)) {
      return value;
    }
    synchronized (known) {
      if (known.size() < max) {
        known.add(value);
        return value;
      }
    }
    return OTHER;
  }
}
