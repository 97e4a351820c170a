package dev.sluice.streams;

import java.util.function.Function;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;

/** Place of the state while a worker runs; in either case its changelog is in Kafka. */
public enum StoreKind implements Function<String, KeyValueBytesStoreSupplier> {
  /** On disk, in RocksDB: state may outgrow memory, and a restart need not read the changelog. */
  ROCKSDB {
    @Override
    public KeyValueBytesStoreSupplier apply(String name) {
      return Stores.persistentKeyValueStore(name);
    }
  },
  /** On the heap: fast, but lost at every stop and restored from the changelog. */
  MEMORY {
    @Override
    public KeyValueBytesStoreSupplier apply(String name) {
      return Stores.inMemoryKeyValueStore(name);
    }
  }
}
