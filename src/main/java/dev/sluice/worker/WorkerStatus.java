package dev.sluice.worker;

import java.util.List;
import org.apache.kafka.streams.KafkaStreams.State;
import org.jspecify.annotations.Nullable;

/**
 * Status of a worker at one moment.
 *
 * @param state Streams' own
 * @param threads the live threads; none before the start and after the end
 * @param storesRestoring number of stores being restored
 * @param recordsToRestore upper bound of the remaining records
 * @param sinceLastPollSeconds time since the least recent poll of any thread; 0 if there is none
 * @param waiting reason why a thread waits outside Kafka; null if none does
 * @param failure reason why the worker gave up; null while it has not
 * @param unsettled a recent failure that is retried; null if there is none
 */
public record WorkerStatus(
    State state,
    List<Thread> threads,
    int storesRestoring,
    long recordsToRestore,
    double sinceLastPollSeconds,
    @Nullable String waiting,
    @Nullable String failure,
    @Nullable String unsettled) {

  /**
   * A stream thread.
   *
   * @param state such as RUNNING
   * @param activeTasks number of tasks that it processes
   * @param standbyTasks number of tasks that it holds a copy of
   */
  public record Thread(String state, int activeTasks, int standbyTasks) {}

  /** Copies the threads. */
  public WorkerStatus {
    threads = List.copyOf(threads);
  }

  /** Returns the number of tasks that the worker processes. */
  public int activeTasks() {
    return threads.stream().mapToInt(Thread::activeTasks).sum();
  }

  /** Returns the number of tasks that the worker holds a copy of. */
  public int standbyTasks() {
    return threads.stream().mapToInt(Thread::standbyTasks).sum();
  }
}
