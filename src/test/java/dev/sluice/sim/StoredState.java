package dev.sluice.sim;

import dev.sluice.streams.CommitHook;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/**
 * Contents of the stores of one task, key and value as bytes, as in its changelogs.
 *
 * @param stores by name; keys and values in Base64
 */
public record StoredState(Map<String, List<Entry>> stores) {

  /** A key and its value, in Base64. */
  public record Entry(String key, String value) {
    static Entry of(byte[] key, byte[] value) {
      return new Entry(
          Base64.getEncoder().encodeToString(key), Base64.getEncoder().encodeToString(value));
    }

    byte[] keyBytes() {
      return Base64.getDecoder().decode(key);
    }

    byte[] valueBytes() {
      return Base64.getDecoder().decode(value);
    }
  }

  /** Returns the names of a driver's stores that have a content. */
  public static Set<String> names(TopologyTestDriver driver) {
    var names = new TreeSet<String>();
    driver
        .getAllStateStores()
        .forEach(
            (name, store) -> {
              if (!(store instanceof CommitHook)) {
                names.add(name);
              }
            });
    return names;
  }

  /** Returns the contents of a driver's stores. */
  public static StoredState of(TopologyTestDriver driver) {
    var stores = new TreeMap<String, List<Entry>>();
    for (var name : names(driver)) {
      var entries = new ArrayList<Entry>();
      try (var all = raw(driver, name).all()) {
        all.forEachRemaining(e -> entries.add(Entry.of(e.key.get(), e.value)));
      }
      stores.put(name, entries);
    }
    return new StoredState(stores);
  }

  /** Puts the contents into the stores of a new driver. */
  public void into(TopologyTestDriver driver) {
    stores.forEach(
        (name, entries) -> {
          var store = raw(driver, name);
          entries.forEach(e -> store.put(Bytes.wrap(e.keyBytes()), e.valueBytes()));
        });
  }

  /** The store below all that knows what its bytes mean. */
  @SuppressWarnings("unchecked")
  private static KeyValueStore<Bytes, byte[]> raw(TopologyTestDriver driver, String name) {
    StateStore store = driver.getAllStateStores().get(name);
    while (store instanceof WrappedStateStore<?, ?, ?> wrapper) {
      store = wrapper.wrapped();
    }
    return (KeyValueStore<Bytes, byte[]>) store;
  }
}
