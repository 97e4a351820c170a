package dev.sluice.streams;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds the memory of all RocksDB stores of a process together, however many there are. One cache
 * holds read data, including index and filter blocks. Within it, one budget holds written data that
 * is not yet on disk. Without the bound, each store takes up to a hundred megabytes of its own,
 * outside of the heap.
 */
public final class RocksDbMemory implements RocksDBConfigSetter {

  /** Setting: maximum memory of all stores together in bytes, as a number or text. */
  public static final String BYTES_CONFIG = "sluice.state.memory.bytes";

  /** Divisor of the memory that is for data not yet on disk. */
  private static final int WRITE_PART = 2;

  /** Maximum size at which a store begins a new file. */
  private static final long WRITE_BUFFER_BYTES = 8 << 20;

  /** Small, as each of many stores holds at least one. */
  private static final long ARENA_BYTES = 64 << 10;

  private static final double INDEX_PART = 0.1;

  private record Shared(Cache cache, WriteBufferManager writeBuffers) {
    static Shared of(long bytes) {
      var cache = new LRUCache(bytes, -1, false, INDEX_PART);
      return new Shared(cache, new WriteBufferManager(bytes / WRITE_PART, cache));
    }
  }

  static {
    RocksDB.loadLibrary();
  }

  /** Kept for the process's life: stores come and go with their tasks. */
  private static final Map<Long, Shared> BY_BYTES = new ConcurrentHashMap<>();

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    var bytes = Long.parseLong(String.valueOf(configs.get(BYTES_CONFIG)));
    var shared = BY_BYTES.computeIfAbsent(bytes, Shared::of);
    var table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(shared.cache);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(shared.writeBuffers);
    options.setWriteBufferSize(WRITE_BUFFER_BYTES);
    options.setArenaBlockSize(ARENA_BYTES);
  }

  @Override
  public void close(String storeName, Options options) {
    // shared with the other stores
  }
}
