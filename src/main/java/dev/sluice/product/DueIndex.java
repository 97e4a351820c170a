package dev.sluice.product;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What falls due, sorted by time. Tells the population since when the oldest is due, ahead of its
 * time: a task that stands still cannot tell it any more.
 */
final class DueIndex {
  private static final byte[] PRESENT = {};

  /**
   * So far ahead it is told. Not without end, since a store in memory copies what it is to show.
   */
  private static final long AHEAD_MS = Duration.ofMinutes(10).toMillis();

  /** So often it is looked what comes next, where nothing was added. */
  private static final long LOOK_EVERY_MS = Duration.ofSeconds(1).toMillis();

  private final KeyValueStore<String, byte[]> store;
  private final Population population;

  /** No entry is below this; saves a walk over what was deleted. */
  private String floor = "";

  private long lookedMs = Long.MIN_VALUE;

  DueIndex(KeyValueStore<String, byte[]> store, Population population) {
    this.store = store;
    this.population = population;
  }

  void add(String key) {
    store.put(key, PRESENT);
    if (key.compareTo(floor) < 0) {
      floor = key;
    }
    population.nextDue(Math.min(population.nextDueMs(), Due.timeOf(key)));
  }

  void remove(String key) {
    store.delete(key);
  }

  /** Takes out up to so many entries that are due by then, the oldest first. */
  List<DueEntry> take(long nowMs, int max) {
    var taken = new ArrayList<DueEntry>();
    try (var entries = store.range(floor, Due.keyAfter(nowMs))) {
      while (entries.hasNext() && taken.size() < max) {
        taken.add(DueEntry.of(entries.next().key));
      }
    }
    for (var entry : taken) {
      store.delete(entry.key());
      floor = entry.key();
    }
    if (taken.size() == max) {
      population.nextDue(taken.getLast().atMs());
    } else if (population.nextDueMs() <= nowMs || nowMs >= lookedMs + LOOK_EVERY_MS) {
      population.nextDue(next(nowMs));
      lookedMs = nowMs;
    }
    return taken;
  }

  private long next(long nowMs) {
    try (var entries = store.range(floor, Due.keyAfter(nowMs + AHEAD_MS))) {
      return entries.hasNext() ? Due.timeOf(entries.next().key) : Population.NEVER;
    }
  }
}
