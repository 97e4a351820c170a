package dev.sluice.delivery.stage;

import dev.sluice.avro.internal.StoredDelivery;
import dev.sluice.delivery.Outstanding;
import dev.sluice.keys.StoreKeys;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Counts the outstanding commands that a task found at its start, in the order of their keys and
 * portion by portion, so that no portion holds up the task. A change of a command that was counted
 * changes the numbers; one that comes later in the order is counted as it is then. For the task's
 * thread.
 */
final class DeliveryCounter {

  /** Number of commands that a portion reads. */
  static final int PORTION = 5_000;

  private final ReadOnlyKeyValueStore<String, StoredDelivery> store;
  private final DeliveryStatistics statistics;
  private final int portion;

  /** The last key that was counted; empty before the first. */
  private String last = "";

  DeliveryCounter(
      ReadOnlyKeyValueStore<String, StoredDelivery> store, DeliveryStatistics statistics) {
    this(store, statistics, PORTION);
  }

  /** Creates a counter with other portions. */
  DeliveryCounter(
      ReadOnlyKeyValueStore<String, StoredDelivery> store,
      DeliveryStatistics statistics,
      int portion) {
    this.store = store;
    this.statistics = statistics;
    this.portion = portion;
  }

  /** Counts one portion more, unless all are counted. */
  void count() {
    if (!statistics.isCounting()) {
      return;
    }
    var read = 0;
    try (var entries =
        last.isEmpty() ? store.all() : store.range(StoreKeys.after(last), StoreKeys.LAST)) {
      while (entries.hasNext()) {
        if (read == portion) {
          return;
        }
        read++;
        var entry = entries.next();
        last = entry.key;
        statistics.moved(null, DeliveryAvro.fromAvro(last, entry.value));
      }
    }
    statistics.counted();
  }

  /** Takes account of a change that was stored; null where there is no command. */
  void changed(String key, @Nullable Outstanding before, @Nullable Outstanding after) {
    if (!statistics.isCounting() || StoreKeys.ORDER.compare(key, last) <= 0) {
      statistics.moved(before, after);
    }
  }
}
