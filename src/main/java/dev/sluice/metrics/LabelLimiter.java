package dev.sluice.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Limits label values that come from input: the first ones are kept, all later ones share one
 * value.
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
