package dev.sluice.streams;

import java.time.Duration;

/** Statistics of a worker's transactions. Thread-safe. */
public final class TransactionStatistics {

  /**
   * A transaction that was committed.
   *
   * @param records the number of records in it, without offsets
   * @param length the time from its first record to its end
   */
  public record Transaction(long records, Duration length) {}

  private static final Transaction NONE = new Transaction(0, Duration.ZERO);

  private Transaction largest = NONE;
  private Transaction longest = NONE;

  private final WorkerObserver observer;

  public TransactionStatistics(WorkerObserver observer) {
    this.observer = observer;
  }

  public void committed(Transaction transaction) {
    observer.committed(transaction);
    compare(transaction);
  }

  public void aborted() {
    observer.aborted();
  }

  private synchronized void compare(Transaction transaction) {
    if (transaction.records() > largest.records()) {
      largest = transaction;
    }
    if (transaction.length().compareTo(longest.length()) > 0) {
      longest = transaction;
    }
  }

  /** Returns the transaction with the most records so far. */
  public synchronized Transaction largest() {
    return largest;
  }

  /** Returns the longest transaction so far. */
  public synchronized Transaction longest() {
    return longest;
  }

  /** Resets the statistics. */
  public synchronized void reset() {
    largest = NONE;
    longest = NONE;
  }
}
