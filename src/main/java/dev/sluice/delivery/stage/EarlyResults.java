package dev.sluice.delivery.stage;

import dev.sluice.avro.internal.StoredResult;
import dev.sluice.delivery.EarlyResult;
import dev.sluice.keys.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Results that wait for their commands, and their index by time. For one task's thread. */
final class EarlyResults {
  private static final byte[] PRESENT = {};

  private final KeyValueStore<String, StoredResult> results;
  private final KeyValueStore<String, byte[]> byTime;

  /** Lower bound of the index; avoids reading over deleted entries. */
  private String floor = "";

  /** False while it is known that nothing waits, so that nothing need be looked up. */
  private boolean mayWait = true;

  EarlyResults(KeyValueStore<String, StoredResult> results, KeyValueStore<String, byte[]> byTime) {
    this.results = results;
    this.byTime = byTime;
  }

  @Nullable EarlyResult get(String key) {
    var stored = mayWait ? results.get(key) : null;
    return stored == null ? null : DeliveryAvro.fromAvro(key, stored);
  }

  void put(String key, EarlyResult early) {
    results.put(key, DeliveryAvro.toAvro(early));
    var entry = StoreKeys.early(early.readAtMs(), key);
    byTime.put(entry, PRESENT);
    mayWait = true;
    if (StoreKeys.ORDER.compare(entry, floor) < 0) {
      floor = entry;
    }
  }

  void remove(String key, EarlyResult early) {
    results.delete(key);
    removeTime(key, early);
  }

  /** Removes the time of a result that was replaced. */
  void removeTime(String key, EarlyResult early) {
    byTime.delete(StoreKeys.early(early.readAtMs(), key));
  }

  /**
   * Returns the keys of the results that were read at that time or before, oldest first.
   *
   * @param max maximum number
   */
  List<String> readUntil(long atMs, int max) {
    if (!mayWait) {
      return List.of();
    }
    var keys = new ArrayList<String>();
    try (var entries = byTime.range(floor, StoreKeys.LAST)) {
      mayWait = entries.hasNext();
      if (mayWait) {
        floor = entries.peekNextKey();
      }
      while (entries.hasNext() && keys.size() < max) {
        var key = entries.next().key;
        if (StoreKeys.dueMs(key) > atMs) {
          break;
        }
        keys.add(StoreKeys.earlyCommand(key));
      }
    }
    return keys;
  }
}
