package dev.sluice.offsets;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.offsets.GroupOffsetsClient.Progress;
import dev.sluice.operator.OperatorException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Measures a worker's lag: records of its own input that are not processed and committed. Reads the
 * offsets from the broker, so that a thread that hangs cannot hide the lag.
 */
public final class InputLag {
  /** The inputs of the stages. */
  public enum Input {
    /** product-events. */
    EVENTS,
    /** user-events. */
    USERS,
    /** access-updates. */
    UPDATES,
    /** access-commands, as delivery reads them. */
    COMMANDS,
    /** access-results. */
    RESULTS;

    /** The inputs of a worker. */
    public static final List<Input> OF_WORKER = List.of(EVENTS, USERS, UPDATES);

    /** The inputs of delivery. */
    public static final List<Input> OF_DELIVERY = List.of(COMMANDS, RESULTS);
  }

  /**
   * The lag over all partitions of one input that a worker has.
   *
   * @param records number of records that are not processed
   * @param seconds age of the oldest of them in seconds
   * @param covered whether {@code seconds} is an upper bound; false if the record arrived before
   *     monitoring began, then it is a lower bound
   */
  public record Lag(long records, double seconds, boolean covered) {
    /** No lag. */
    public static final Lag NONE = new Lag(0, 0, true);
  }

  private final Topics topics;
  private final Map<TopicPartition, LagHistory> histories = new HashMap<>();
  private volatile @Nullable Map<Input, Lag> last;

  /** Creates the instance for one worker's group. */
  public InputLag(SluiceConfig config) {
    topics = new Topics(config.topicPrefix());
  }

  /** Returns the last measurement; null if there was none, or Kafka did not answer. */
  public @Nullable Map<Input, Lag> last() {
    return last;
  }

  /** Measures the lag of these partitions. For one thread at a time. */
  public void measure(GroupOffsetsClient offsets, Set<TopicPartition> partitions, long nowMs) {
    try {
      histories.keySet().retainAll(partitions);
      last = partitions.isEmpty() ? Map.of() : lags(offsets, partitions, nowMs);
    } catch (OperatorException e) {
      last = null;
    }
  }

  private Map<Input, Lag> lags(
      GroupOffsetsClient offsets, Set<TopicPartition> partitions, long nowMs) {
    var lags = new HashMap<Input, Lag>();
    // Records behind an open transaction cannot be read, but they wait too.
    offsets
        .progress(partitions, IsolationLevel.READ_UNCOMMITTED)
        .forEach(
            (partition, progress) -> {
              lags.merge(input(partition.topic()), lag(partition, progress, nowMs), InputLag::both);
            });
    return Map.copyOf(lags);
  }

  private Input input(String topic) {
    if (topic.equals(topics.productEvents())) {
      return Input.EVENTS;
    }
    if (topic.equals(topics.accessCommands())) {
      return Input.COMMANDS;
    }
    if (topic.equals(topics.accessResults())) {
      return Input.RESULTS;
    }
    return topic.equals(topics.userEvents()) ? Input.USERS : Input.UPDATES;
  }

  private Lag lag(TopicPartition partition, Progress progress, long nowMs) {
    var history = histories.computeIfAbsent(partition, p -> new LagHistory());
    history.add(nowMs, progress.end());
    var committed = progress.committed();
    return progress.lag() == 0
        ? Lag.NONE
        : new Lag(
            progress.lag(), history.waitingMs(nowMs, committed) / 1e3, history.covers(committed));
  }

  private static Lag both(Lag a, Lag b) {
    return new Lag(a.records + b.records, Math.max(a.seconds, b.seconds), a.covered && b.covered);
  }
}
