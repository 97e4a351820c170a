package dev.sluice.delivery.stage;

import dev.sluice.avro.internal.StoredDelivery;
import dev.sluice.delivery.EarlyResult;
import dev.sluice.delivery.Outstanding;
import dev.sluice.limits.TaskCache;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Changes since the last commit. They are stored and published once for a commit: a command that is
 * confirmed within the commit in which it came leaves no trace. For one task's thread.
 */
final class UncommittedDeliveries {

  /** Approximate memory of a changed command, in bytes. */
  private static final int CHANGE_BYTES = 1_500;

  /** Most changes that wait for a commit; beyond it they are written before. */
  private static final int CHANGES_MAX = Math.max(1_000, TaskCache.bytes() / CHANGE_BYTES);

  /** The stored state of one user and source, and the present one. */
  static final class Pair {
    private final @Nullable Outstanding storedOutstanding;
    private final @Nullable EarlyResult storedEarly;
    private @Nullable Outstanding outstanding;
    private @Nullable EarlyResult early;

    private Pair(@Nullable Outstanding storedOutstanding, @Nullable EarlyResult storedEarly) {
      this.storedOutstanding = storedOutstanding;
      this.storedEarly = storedEarly;
      outstanding = storedOutstanding;
      early = storedEarly;
    }

    @Nullable Outstanding outstanding() {
      return outstanding;
    }

    @Nullable EarlyResult early() {
      return early;
    }

    void set(@Nullable Outstanding newOutstanding, @Nullable EarlyResult newEarly) {
      outstanding = newOutstanding;
      early = newEarly;
    }
  }

  private final Map<String, Pair> pairs = new LinkedHashMap<>();
  private final KeyValueStore<String, StoredDelivery> store;
  private final OutstandingIndex index;
  private final EarlyResults earlyResults;
  private final DeliveryCounter counter;
  private final BiConsumer<String, @Nullable Outstanding> publish;

  /**
   * Creates the set, empty.
   *
   * @param publish publishes what is outstanding under a key; null if nothing is any more
   */
  UncommittedDeliveries(
      KeyValueStore<String, StoredDelivery> store,
      OutstandingIndex index,
      EarlyResults earlyResults,
      DeliveryCounter counter,
      BiConsumer<String, @Nullable Outstanding> publish) {
    this.store = store;
    this.index = index;
    this.earlyResults = earlyResults;
    this.counter = counter;
    this.publish = publish;
  }

  /** Returns what holds for a user and source now; changes of it are written with the others. */
  Pair pair(String key) {
    var known = pairs.get(key);
    if (known != null) {
      return known;
    }
    if (pairs.size() >= CHANGES_MAX) {
      write();
    }
    var stored = store.get(key);
    var pair =
        new Pair(stored == null ? null : DeliveryAvro.fromAvro(key, stored), earlyResults.get(key));
    pairs.put(key, pair);
    return pair;
  }

  /** Stores and publishes all changes. */
  void write() {
    pairs.forEach(this::write);
    pairs.clear();
  }

  private void write(String key, Pair pair) {
    writeEarly(key, pair);
    var before = pair.storedOutstanding;
    var after = pair.outstanding;
    if (Objects.equals(before, after)) {
      return;
    }
    counter.changed(key, before, after);
    if (before != null && (after == null || !isAtSamePlace(before, after))) {
      index.remove(before.command());
    }
    if (after == null) {
      store.delete(key);
    } else {
      store.put(key, DeliveryAvro.toAvro(after));
      if (before == null
          || !isAtSamePlace(before, after)
          || before.isOverdue() != after.isOverdue()) {
        index.put(after.command(), after.isOverdue());
      }
    }
    publish.accept(key, after);
  }

  private static boolean isAtSamePlace(Outstanding before, Outstanding after) {
    return before.command().action() == after.command().action()
        && before.command().commandedAtMs() == after.command().commandedAtMs();
  }

  private void writeEarly(String key, Pair pair) {
    var before = pair.storedEarly;
    var after = pair.early;
    if (Objects.equals(before, after)) {
      return;
    }
    if (after == null) {
      if (before != null) {
        earlyResults.remove(key, before);
      }
      return;
    }
    if (before != null && before.readAtMs() != after.readAtMs()) {
      earlyResults.removeTime(key, before);
    }
    earlyResults.put(key, after);
  }
}
