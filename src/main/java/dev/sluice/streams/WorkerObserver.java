package dev.sluice.streams;

import dev.sluice.streams.TransactionStatistics.Transaction;
import org.apache.kafka.streams.KafkaStreams.State;

/** Is told what a worker does besides deciding; by several threads. */
public interface WorkerObserver {

  /** Nobody. */
  WorkerObserver NONE = new WorkerObserver() {};

  /** A transaction was committed. */
  default void committed(Transaction transaction) {}

  /** A transaction was given up: what was done in it is done again. */
  default void aborted() {}

  /** The worker is in another state. */
  default void changed(State now) {}

  /** So many records of state came back from a changelog. */
  default void restored(long records) {}
}
