package dev.sluice.query;

import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** A store of which nothing may be read. */
record UnreadStore<V>(ReadOnlyKeyValueStore<String, V> store)
    implements ReadOnlyKeyValueStore<String, V> {

  @Override
  public V get(String key) {
    throw new AssertionError("read " + key);
  }

  @Override
  public KeyValueIterator<String, V> range(String from, String to) {
    throw new AssertionError("read from " + from);
  }

  @Override
  public KeyValueIterator<String, V> all() {
    throw new AssertionError("read all");
  }

  @Override
  public long approximateNumEntries() {
    return store.approximateNumEntries();
  }
}
