package dev.sluice.query.shard;

import dev.sluice.streams.ReadStores;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Time limit of a query. */
public final class Deadline {
  private final long startNs;
  private final long lengthNs;
  private final LongSupplier nanoTime;

  public Deadline(Duration length, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    startNs = nanoTime.getAsLong();
    lengthNs = length.toNanos();
  }

  /** Returns the remaining time; never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, lengthNs - (nanoTime.getAsLong() - startNs)));
  }

  /**
   * Returns whether half of the time has passed, so that an incomplete answer is better than none.
   */
  boolean isHalfOver() {
    return nanoTime.getAsLong() - startNs > lengthNs / 2;
  }

  private void require() {
    if (nanoTime.getAsLong() - startNs > lengthNs) {
      throw new TooLongException();
    }
  }

  /** Returns the same stores with a check of the deadline in each read. */
  ReadStores over(ReadStores stores) {
    return name -> new Timed(stores.get(name));
  }

  /** Thrown if a query exceeds its deadline. */
  public static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLongException() {
      super("the query takes longer than http.query.timeout.ms");
    }
  }

  private final class Timed implements ReadOnlyKeyValueStore<String, Object> {
    private final ReadOnlyKeyValueStore<String, Object> store;

    Timed(ReadOnlyKeyValueStore<String, Object> store) {
      this.store = store;
    }

    @Override
    public Object get(String key) {
      require();
      return store.get(key);
    }

    @Override
    public KeyValueIterator<String, Object> range(String from, String to) {
      require();
      return new TimedIterator(store.range(from, to));
    }

    @Override
    public <S extends Serializer<P>, P> KeyValueIterator<String, Object> prefixScan(
        P prefix, S serializer) {
      require();
      return new TimedIterator(store.prefixScan(prefix, serializer));
    }

    @Override
    public KeyValueIterator<String, Object> all() {
      require();
      return new TimedIterator(store.all());
    }

    @Override
    public long approximateNumEntries() {
      return store.approximateNumEntries();
    }
  }

  private final class TimedIterator implements KeyValueIterator<String, Object> {
    private final KeyValueIterator<String, Object> entries;

    TimedIterator(KeyValueIterator<String, Object> entries) {
      this.entries = entries;
    }

    @Override
    public boolean hasNext() {
      return entries.hasNext();
    }

    @Override
    public KeyValue<String, Object> next() {
      require();
      return entries.next();
    }

    @Override
    public String peekNextKey() {
      return entries.peekNextKey();
    }

    @Override
    public void close() {
      entries.close();
    }
  }
}
