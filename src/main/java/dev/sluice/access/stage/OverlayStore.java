package dev.sluice.access.stage;

import dev.sluice.keys.StoreKeys;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A store over a read-only one: writes stay in memory above it. For one thread. An open iterator
 * may or may not include later writes.
 */
final class OverlayStore<V> implements KeyValueStore<String, V> {
  private final String name;
  private final ReadOnlyKeyValueStore<String, V> below;

  /** By key, in the order of the stores' bytes; an empty value for a deleted key. */
  private final ConcurrentNavigableMap<String, Optional<V>> written =
      new ConcurrentSkipListMap<>(StoreKeys.ORDER);

  OverlayStore(String name, ReadOnlyKeyValueStore<String, V> below) {
    this.name = name;
    this.below = below;
  }

  @Override
  public void put(String key, V value) {
    written.put(key, Optional.ofNullable(value));
  }

  @Override
  public V putIfAbsent(String key, V value) {
    var before = get(key);
    if (before == null) {
      put(key, value);
    }
    return before;
  }

  @Override
  public void putAll(List<KeyValue<String, V>> entries) {
    entries.forEach(e -> put(e.key, e.value));
  }

  @Override
  public V delete(String key) {
    var before = get(key);
    written.put(key, Optional.empty());
    return before;
  }

  @Override
  @SuppressWarnings("NullAway") // as Kafka's stores do
  public V get(String key) {
    var above = written.get(key);
    return above == null ? below.get(key) : above.orElse(null);
  }

  @Override
  public KeyValueIterator<String, V> range(String from, String to) {
    return new Merged<>(below.range(from, to), written.subMap(from, true, to, true));
  }

  @Override
  public KeyValueIterator<String, V> all() {
    return new Merged<>(below.all(), written);
  }

  @Override
  public <S extends Serializer<P>, P> KeyValueIterator<String, V> prefixScan(
      P prefix, S serializer) {
    var text = (String) prefix;
    // No key contains the highest code point.
    return new Merged<>(
        below.prefixScan(text, new StringSerializer()),
        written.subMap(text, true, text + Character.toString(Character.MAX_CODE_POINT), true));
  }

  @Override
  public long approximateNumEntries() {
    return below.approximateNumEntries();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    throw new UnsupportedOperationException("not a task's store");
  }

  @Override
  public void close() {
    written.clear();
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  /** Merges both by the order of keys; a written value replaces the stored one. */
  private static final class Merged<V> implements KeyValueIterator<String, V> {
    private final KeyValueIterator<String, V> below;
    private final Iterator<Map.Entry<String, Optional<V>>> above;
    private Map.@Nullable Entry<String, Optional<V>> nextAbove;
    private @Nullable KeyValue<String, V> next;

    Merged(KeyValueIterator<String, V> below, Map<String, Optional<V>> above) {
      this.below = below;
      this.above = above.isEmpty() ? Collections.emptyIterator() : above.entrySet().iterator();
      stepAbove();
      step();
    }

    private void stepAbove() {
      nextAbove = above.hasNext() ? above.next() : null;
    }

    private void step() {
      next = null;
      while (next == null && (nextAbove != null || below.hasNext())) {
        var mine = nextAbove;
        var order =
            mine == null
                ? 1
                : !below.hasNext()
                    ? -1
                    : StoreKeys.ORDER.compare(mine.getKey(), below.peekNextKey());
        if (order > 0 || mine == null) {
          next = below.next();
        } else {
          if (order == 0) {
            below.next();
          }
          next = mine.getValue().map(value -> KeyValue.pair(mine.getKey(), value)).orElse(null);
          stepAbove();
        }
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public KeyValue<String, V> next() {
      var taken = next;
      if (taken == null) {
        throw new NoSuchElementException();
      }
      step();
      return taken;
    }

    @Override
    public String peekNextKey() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      return next.key;
    }

    @Override
    public void close() {
      below.close();
    }
  }
}
