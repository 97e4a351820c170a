package dev.sluice.streams;

import java.util.function.Function;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;

/** Where state is kept while a worker runs; either way its changelog is in Kafka. */
public enum StoreKind implements Function<String, KeyValueBytesStoreSupplier> {
  /** On disk, in RocksDB: state may outgrow memory, and a restart need not read the changelog. */
  ROCKSDB {
    @Override
    public KeyValueBytesStoreSupplier apply(String name) {
      return Stores.persistentKeyValueStore(name);
    }
  },
  /** On the heap: fast, and lost at every stop, to be read again from the changelog. */
  MEMORY {
    @Override
    public KeyValueBytesStoreSupplier apply(String name) {
      return Stores.inMemoryKeyValueStore(name);
    }
  }
}
