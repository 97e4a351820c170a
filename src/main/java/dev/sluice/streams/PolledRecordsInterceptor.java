package dev.sluice.streams;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Notifies {@link IdleCommits} of the records that a stream thread's consumer returns. */
public final class PolledRecordsInterceptor implements ConsumerInterceptor<byte[], byte[]> {

  /** The consumer's configuration key for the {@link IdleCommits} to be notified. */
  public static final String IDLE_COMMITS = "sluice.idle.commits";

  private IdleCommits idleCommits = IdleCommits.NONE;
  private int max = ConsumerConfig.DEFAULT_MAX_POLL_RECORDS;

  @Override
  public void configure(Map<String, ?> configs) {
    if (configs.get(IDLE_COMMITS) instanceof IdleCommits given) {
      idleCommits = given;
    }
    if (configs.get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG) != null) {
      max = Integer.parseInt(String.valueOf(configs.get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG)));
    }
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    idleCommits.polled(records, max);
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
