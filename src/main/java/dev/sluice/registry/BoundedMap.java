package dev.sluice.registry;

import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps the {@value #LIMIT} most recently used entries. Not safe for several threads. */
final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;

  static final int LIMIT = 1000;

  BoundedMap() {
    super(16, 0.75f, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > LIMIT;
  }
}
