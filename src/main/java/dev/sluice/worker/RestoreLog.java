package dev.sluice.worker;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.TaskId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs at DEBUG which state was restored from Kafka, and which existed as a standby. */
final class RestoreLog implements StandbyUpdateListener {
  private static final Logger LOG = LoggerFactory.getLogger(RestoreLog.class);

  void restored(TopicPartition partition, long records) {
    LOG.debug("restored {} records of {}", records, partition);
  }

  @Override
  public void onUpdateStart(TopicPartition partition, String store, long from) {
    LOG.debug("keeps a standby of {}", partition);
  }

  @Override
  public void onBatchLoaded(
      TopicPartition partition, String store, TaskId task, long offset, long records, long end) {
    // A standby never completes.
  }

  @Override
  public void onUpdateSuspended(
      TopicPartition partition, String store, long offset, long end, SuspendReason reason) {
    LOG.debug("standby of {} ends at {} of {}: {}", partition, offset, end, reason);
  }
}
