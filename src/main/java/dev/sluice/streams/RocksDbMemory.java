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
 * Gives all RocksDB stores of a process one bound on their memory, however many there are: one
 * cache for what is read, its index and filter blocks included, and in it one budget for what is
 * written and not yet on disk. Without it each store takes up to a hundred megabytes of its own,
 * outside of the heap.
 */
public final class RocksDbMemory implements RocksDBConfigSetter {

  /** How many bytes all stores together may take, as a number or text. */
  public static final String BYTES_CONFIG = "sluice.state.memory.bytes";

  /** Of all, this part is for what is not yet on disk. */
  private static final int WRITE_PART = 2;

  /** A store begins a file at this size at the latest. */
  private static final long WRITE_BUFFER_BYTES = 8 << 20;

  /** Small, as each of many stores holds one at least. */
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

  /** For the process's life: stores come and go with their tasks. */
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
    // Shared with the other stores.
  }
}
