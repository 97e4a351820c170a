package dev.sluice.streams;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Requests a commit as soon as a stream thread has processed everything that it has read, so that
 * at rest no record waits for the commit interval. A thread with a backlog always has more to
 * process, and commits at the commit interval. Each thread has at most one such commit per interval
 * of its own, which bounds the number of transactions.
 */
public final class IdleCommits {

  /** Requests no commit. */
  public static final IdleCommits NONE = new IdleCommits(false, Duration.ZERO, System::nanoTime);

  private final boolean enabled;
  private final long everyNs;
  private final LongSupplier nanoTime;
  private final ThreadLocal<Progress> threads;

  /** Offsets of the last records that a thread has read and processed. */
  private static final class Progress {
    private final Map<TopicPartition, Long> polled = new HashMap<>();
    private final Map<TopicPartition, Long> processed = new HashMap<>();
    private boolean atEnd;
    private long lastCommitNs;

    Progress(long lastCommitNs) {
      this.lastCommitNs = lastCommitNs;
    }

    boolean isIdle() {
      return atEnd && processed.entrySet().containsAll(polled.entrySet());
    }

    void forget() {
      polled.clear();
      processed.clear();
      atEnd = false;
    }
  }

  /**
   * Creates the instance for the threads of one worker.
   *
   * @param every the shortest time between two such commits of a thread
   * @param nanoTime returns the present time in nanoseconds
   */
  public IdleCommits(Duration every, LongSupplier nanoTime) {
    this(true, every, nanoTime);
  }

  private IdleCommits(boolean enabled, Duration every, LongSupplier nanoTime) {
    this.enabled = enabled;
    this.everyNs = every.toNanos();
    this.nanoTime = nanoTime;
    threads = ThreadLocal.withInitial(() -> new Progress(nanoTime.getAsLong() - everyNs));
  }

  /**
   * Called by a thread with the records that it has just read.
   *
   * @param max the maximum number of records that a thread reads at once
   */
  void polled(ConsumerRecords<?, ?> records, int max) {
    if (!enabled) {
      return;
    }
    var progress = threads.get();
    progress.atEnd = records.count() < max;
    for (var partition : records.partitions()) {
      progress.polled.put(partition, records.records(partition).getLast().offset());
    }
  }

  /** Returns the instance of one task. */
  public Task task(ProcessorContext<?, ?> context) {
    return new Task(context);
  }

  /** One task, for its thread. */
  public final class Task {
    private final ProcessorContext<?, ?> context;
    private @Nullable Cancellable waiting;

    private Task(ProcessorContext<?, ?> context) {
      this.context = context;
    }

    /** Called after a record: requests a commit if the thread has nothing more to process. */
    public void processed(@Nullable RecordMetadata at) {
      var progress = threads.get();
      if (at == null || progress.polled.isEmpty()) {
        return; // records are not read by a consumer, as in a test
      }
      progress.processed.put(new TopicPartition(at.topic(), at.partition()), at.offset());
      commitIfIdle(progress);
    }

    /**
     * Called after work between records, such as the last slice of a sweep: requests a commit if
     * the thread has nothing more to process.
     */
    public void worked() {
      var progress = threads.get();
      if (!progress.polled.isEmpty()) {
        commitIfIdle(progress);
      }
    }

    /**
     * Returns whether the thread has read something, has processed all of it, and has found no more
     * to read.
     */
    public boolean isIdle() {
      var progress = threads.get();
      return !progress.polled.isEmpty() && progress.isIdle();
    }

    private void commitIfIdle(Progress progress) {
      if (waiting == null && progress.isIdle()) {
        var waitNs = progress.lastCommitNs + everyNs - nanoTime.getAsLong();
        if (waitNs <= 0) {
          commit(progress);
        } else {
          waiting =
              context.schedule(
                  Duration.ofNanos(Math.max(waitNs, 1_000_000)),
                  PunctuationType.WALL_CLOCK_TIME,
                  nowMs -> waited());
        }
      }
    }

    private void waited() {
      cancel();
      var progress = threads.get();
      if (progress.isIdle()) {
        commit(progress);
      }
    }

    private void commit(Progress progress) {
      progress.lastCommitNs = nanoTime.getAsLong();
      context.commit();
    }

    private void cancel() {
      if (waiting != null) {
        waiting.cancel();
        waiting = null;
      }
    }

    /**
     * Called when the task is closed. The thread then forgets its records: those of the task are
     * processed elsewhere.
     */
    public void close() {
      cancel();
      threads.get().forget();
    }
  }
}
