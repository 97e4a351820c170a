package dev.sluice.config;

/** Storage of products, requests and memberships. */
public enum StateStore {
  /** On disk, in RocksDB. */
  ROCKSDB,
  /** On the heap, restored from Kafka at every start. */
  MEMORY
}
