package dev.sluice.streams;

import dev.sluice.streams.TransactionStatistics.Transaction;
import org.apache.kafka.streams.KafkaStreams.State;

/** Listener for a worker besides its decisions; called by several threads. */
public interface WorkerObserver {

  /** Listener that does nothing. */
  WorkerObserver NONE = new WorkerObserver() {};

  /** Called after a transaction was committed. */
  default void committed(Transaction transaction) {}

  /** Called after a transaction was aborted: its work is done again. */
  default void aborted() {}

  /** Called after the worker changed its state. */
  default void changed(State now) {}

  /** Called after records of state were restored from a changelog. */
  default void restored(long records) {}
}
