package dev.sluice.product.stage;

import dev.sluice.keys.StoreKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Predicate;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

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
  private final TaskStatistics statistics;

  /** No entry is below this; saves a walk over what was deleted. */
  private String floor = "";

  /** The lowest key that was added while entries are worked off. */
  private @Nullable String added;

  private long lookedMs = Long.MIN_VALUE;

  DueIndex(KeyValueStore<String, byte[]> store, TaskStatistics statistics) {
    this.store = store;
    this.statistics = statistics;
  }

  void add(String key) {
    store.put(key, PRESENT);
    if (added == null || key.compareTo(added) < 0) {
      added = key;
    }
    if (key.compareTo(floor) < 0) {
      floor = key;
    }
    statistics.nextDue(Math.min(statistics.nextDueMs(), StoreKeys.dueMs(key)));
  }

  void remove(String key) {
    store.delete(key);
  }

  /**
   * Takes out entries that are due by then, the oldest first, and has each worked off.
   *
   * @param max so many at most
   * @param work works off one entry, and says whether it goes on
   */
  void take(long nowMs, int max, Predicate<DueEntry> work) {
    var due = new ArrayList<DueEntry>();
    try (var entries = store.range(floor, StoreKeys.dueAfter(nowMs))) {
      while (entries.hasNext() && due.size() < max) {
        due.add(DueEntry.of(entries.next().key));
      }
    }
    added = null;
    var goesOn = true;
    var done = 0;
    while (goesOn && done < due.size()) {
      var entry = due.get(done);
      done++;
      store.delete(entry.key());
      floor = added != null && added.compareTo(entry.key()) < 0 ? added : entry.key();
      goesOn = work.test(entry);
    }
    if (done < due.size()) {
      statistics.nextDue(due.get(done).atMs());
    } else if (done == max) {
      statistics.nextDue(due.getLast().atMs());
    } else if (statistics.nextDueMs() <= nowMs || nowMs >= lookedMs + LOOK_EVERY_MS) {
      statistics.nextDue(next(nowMs));
      lookedMs = nowMs;
    }
  }

  private long next(long nowMs) {
    try (var entries = store.range(floor, StoreKeys.dueAfter(nowMs + AHEAD_MS))) {
      return entries.hasNext() ? StoreKeys.dueMs(entries.next().key) : TaskStatistics.NEVER;
    }
  }
}
