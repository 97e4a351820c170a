package dev.sluice.access.stage;

import java.util.NoSuchElementException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** A store with nothing in it. */
final class EmptyStore<V> implements ReadOnlyKeyValueStore<String, V> {

  @Override
  @SuppressWarnings("NullAway") // as Kafka's stores do
  public V get(String key) {
    return null;
  }

  @Override
  public KeyValueIterator<String, V> range(String from, String to) {
    return all();
  }

  @Override
  public <S extends Serializer<P>, P> KeyValueIterator<String, V> prefixScan(
      P prefix, S serializer) {
    return all();
  }

  @Override
  public KeyValueIterator<String, V> all() {
    return new KeyValueIterator<>() {
      @Override
      public boolean hasNext() {
        return false;
      }

      @Override
      public KeyValue<String, V> next() {
        throw new NoSuchElementException();
      }

      @Override
      public String peekNextKey() {
        throw new NoSuchElementException();
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  @Override
  public long approximateNumEntries() {
    return 0;
  }
}
