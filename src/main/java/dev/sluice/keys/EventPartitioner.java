package dev.sluice.keys;

import java.util.Locale;
import java.util.zip.CRC32;

/** Hash by which producers of product-events choose the partition of a key. */
public enum EventPartitioner {
  /** The default of Kafka's own Java clients. */
  MURMUR2("murmur2_random") {
    @Override
    public int partition(byte[] key, int count) {
      return Murmur2.partition(key, count);
    }
  },
  /** The default of librdkafka's clients, for example in Python, Go and .NET. */
  CRC32("consistent_random") {
    @Override
    public int partition(byte[] key, int count) {
      var crc = new CRC32();
      crc.update(key);
      return (int) (crc.getValue() % count);
    }
  };

  private final String librdkafka;

  EventPartitioner(String librdkafka) {
    this.librdkafka = librdkafka;
  }

  /**
   * Returns the partitioner for a value of events.partitioner.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static EventPartitioner named(String setting) {
    return valueOf(setting.toUpperCase(Locale.ROOT));
  }

  /** Returns the partition of a key, from 0, for a number of partitions. */
  public abstract int partition(byte[] key, int count);

  /** Returns the equivalent value of librdkafka's setting {@code partitioner}. */
  public String librdkafka() {
    return librdkafka;
  }
}
