package dev.sluice.dev.bench;

import dev.sluice.streams.TransactionStatistics.Transaction;
import dev.sluice.streams.WorkerObserver;
import dev.sluice.topology.Observers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the records of a worker's committed transactions, in all topics: commands, statuses,
 * access-updates and changelogs. The markers of transactions and the offsets of inputs are not
 * records.
 */
final class WrittenRecords implements WorkerObserver {
  /** Number of commit intervals without a record after which the worker has written all. */
  private static final int QUIET_INTERVALS = 3;

  private final Duration commitInterval;
  private final AtomicLong count = new AtomicLong();

  /** Creates a counter for a worker with this commit interval. */
  WrittenRecords(Duration commitInterval) {
    this.commitInterval = commitInterval;
  }

  /** Returns a worker's listeners with this counter. */
  Observers observers() {
    return new Observers(List.of(), List.of(), this);
  }

  @Override
  public void committed(Transaction transaction) {
    count.addAndGet(transaction.records());
  }

  /** Waits until the worker has no more to write; returns the number of records so far. */
  long settled() throws InterruptedException {
    var before = count.get();
    while (true) {
      Thread.sleep(commitInterval.multipliedBy(QUIET_INTERVALS));
      var now = count.get();
      if (now == before) {
        return now;
      }
      before = now;
    }
  }
}
