package dev.sluice.limits;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Limits label values that come from input: the first ones are kept, all later ones share one
 * value. Thread-safe.
 */
public final class LabelLimiter {

  /** The value that all later ones share. */
  public static final String OTHER = "other";

  /** How many types of sources have a label value of their own. */
  public static final int SOURCE_TYPES_MAX = 50;

  private final int max;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /** Creates a limiter that keeps so many values. */
  public LabelLimiter(int max) {
    this.max = max;
  }

  /** Returns the value, or the shared one; the answer for a value never changes. */
  public String of(String value) {
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
