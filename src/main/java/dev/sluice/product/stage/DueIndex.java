package dev.sluice.product.stage;

import dev.sluice.keys.StoreKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Predicate;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Index of due entries, sorted by time. The task's statistics get the oldest due time in advance,
 * because a task that hangs cannot report anything.
 */
final class DueIndex {
  private static final byte[] PRESENT = {};

  /**
   * Look-ahead window for the next due time. Bounded, because an in-memory store copies every entry
   * of a range.
   */
  private static final long LOOK_AHEAD_MS = Duration.ofMinutes(10).toMillis();

  /** Minimum interval between two scans for the next due entry if none was added. */
  private static final long SCAN_INTERVAL_MS = Duration.ofSeconds(1).toMillis();

  private final KeyValueStore<String, byte[]> store;
  private final TaskStatistics statistics;

  /** Lower bound of all entries; avoids scanning over deleted ones. */
  private String floor = "";

  /** The lowest key that was added during the processing of entries. */
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
   * Removes entries that are due at that time, oldest first, and processes each.
   *
   * @param max maximum number of entries
   * @param work processes one entry and returns whether to continue
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
    } else if (statistics.nextDueMs() <= nowMs || nowMs >= lookedMs + SCAN_INTERVAL_MS) {
      statistics.nextDue(next(nowMs));
      lookedMs = nowMs;
    }
  }

  private long next(long nowMs) {
    try (var entries = store.range(floor, StoreKeys.dueAfter(nowMs + LOOK_AHEAD_MS))) {
      return entries.hasNext() ? StoreKeys.dueMs(entries.next().key) : TaskStatistics.NEVER;
    }
  }
}
