package dev.sluice.client;

import dev.sluice.keys.EventPartitioner;
import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;

/**
 * Partitioner for Java producers, compatible with librdkafka's clients. Kafka creates it by name;
 * every record has a key.
 */
public final class Crc32Partitioner implements Partitioner {

  @Override
  public int partition(
      String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
    return EventPartitioner.CRC32.partition(keyBytes, cluster.partitionCountForTopic(topic));
  }

  @Override
  public void configure(Map<String, ?> configs) {
    // No configuration.
  }

  @Override
  public void close() {
    // No resources.
  }
}
