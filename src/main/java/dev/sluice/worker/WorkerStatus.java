package dev.sluice.worker;

import java.util.List;
import org.apache.kafka.streams.KafkaStreams.State;
import org.jspecify.annotations.Nullable;

/**
 * How a worker is at a moment.
 *
 * @param state Streams' own
 * @param threads its threads, those that died left out; none before it started and after it ended
 * @param storesRestoring how many stores are being restored
 * @param recordsToRestore how many records at most
 * @param sinceLastPollSeconds since the thread that has not polled for longest did; 0 where none is
 * @param waiting what a thread waits for outside Kafka, in words; null where none does
 * @param failure why it gave up, in words; null while it has not
 * @param unsettled what went wrong not long ago and is tried again, in words; null where nothing is
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
   * @param activeTasks how many tasks it works on
   * @param standbyTasks how many it keeps a copy of
   */
  public record Thread(String state, int activeTasks, int standbyTasks) {}

  /** Keeps its own copy. */
  public WorkerStatus {
    threads = List.copyOf(threads);
  }

  /** The tasks that it works on. */
  public int activeTasks() {
    return threads.stream().mapToInt(Thread::activeTasks).sum();
  }

  /** The tasks that it keeps a copy of. */
  public int standbyTasks() {
    return threads.stream().mapToInt(Thread::standbyTasks).sum();
  }
}
