package dev.sluice.metrics;

import dev.sluice.streams.TransactionStatistics.Transaction;
import dev.sluice.streams.WorkerObserver;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.KafkaStreams.State;

/** Metrics of transactions, rebalances and restores. */
final class TransactionMetrics implements WorkerObserver {
  private static final double NANOS = 1e9;

  private final LongSupplier clockMs;
  private final LongAdder committed;
  private final LongAdder aborted;
  private final LongAdder records;
  private final LongAdder rebalances;
  private final LongAdder restored;
  private final WeightedHistogram durations;
  private volatile long lastMs;

  TransactionMetrics(Meters meters, LongSupplier clockMs) {
    this.clockMs = clockMs;
    lastMs = clockMs.getAsLong();
    committed = meters.counter(Metric.TRANSACTIONS, "committed");
    aborted = meters.counter(Metric.TRANSACTIONS, "aborted");
    records = meters.counter(Metric.TRANSACTION_RECORDS);
    durations = meters.histogram(Metric.TRANSACTION_DURATION, Buckets.TRANSACTION);
    rebalances = meters.counter(Metric.REBALANCES);
    restored = meters.counter(Metric.RESTORED_RECORDS);
    meters.gauge(Metric.LAST_COMMIT_AGE, () -> (clockMs.getAsLong() - lastMs) / 1e3);
  }

  @Override
  public void committed(Transaction transaction) {
    lastMs = clockMs.getAsLong();
    committed.increment();
    records.add(transaction.records());
    durations.record(transaction.length().toNanos() / NANOS, 1);
  }

  @Override
  public void aborted() {
    aborted.increment();
  }

  @Override
  public void changed(State now) {
    if (now == State.REBALANCING) {
      rebalances.increment();
    }
  }

  @Override
  public void restored(long count) {
    restored.add(count);
  }
}
