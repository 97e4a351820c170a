package dev.sluice.keys;

import java.util.Locale;
import java.util.zip.CRC32;

/** How producers of product-events find the partition of a key. */
public enum EventPartitioner {
  /** As Kafka's own clients, in Java, do. */
  MURMUR2("murmur2_random") {
    @Override
    public int partition(byte[] key, int count) {
      return Murmur2.partition(key, count);
    }
  },
  /** As librdkafka's clients, in Python, Go, .NET and others, do where they are not told else. */
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
   * By the value of events.partitioner.
   *
   * @throws IllegalArgumentException when it is none of them
   */
  public static EventPartitioner named(String setting) {
    return valueOf(setting.toUpperCase(Locale.ROOT));
  }

  /** The partition of a key, from 0, where there are so many. */
  public abstract int partition(byte[] key, int count);

  /** The value of librdkafka's setting {@code partitioner} that does the same. */
  public String librdkafka() {
    return librdkafka;
  }
}
