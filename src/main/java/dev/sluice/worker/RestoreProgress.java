package dev.sluice.worker;

import dev.sluice.streams.WorkerObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** Progress of restoring the state from changelogs. Thread-safe. */
final class RestoreProgress implements StateRestoreListener {

  /**
   * Work in progress.
   *
   * @param stores number of stores
   * @param recordsLeft upper bound of remaining records; a changelog has gaps
   */
  record Progress(int stores, long recordsLeft) {}

  private final Map<TopicPartition, Long> left = new ConcurrentHashMap<>();
  private final WorkerObserver observer;
  private final RestoreLog log;

  RestoreProgress(WorkerObserver observer, RestoreLog log) {
    this.observer = observer;
    this.log = log;
  }

  Progress progress() {
    return new Progress(left.size(), left.values().stream().mapToLong(Long::longValue).sum());
  }

  @Override
  public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
    left.put(partition, to - from);
  }

  @Override
  public void onBatchRestored(TopicPartition partition, String store, long end, long count) {
    left.computeIfPresent(partition, (p, records) -> Math.max(0, records - count));
    observer.restored(count);
  }

  @Override
  public void onRestoreEnd(TopicPartition partition, String store, long total) {
    left.remove(partition);
    log.restored(partition, total);
  }

  @Override
  public void onRestoreSuspended(TopicPartition partition, String store, long total) {
    left.remove(partition);
  }
}
