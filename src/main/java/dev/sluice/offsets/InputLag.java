package dev.sluice.offsets;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Measures a worker's lag: records of its own input that are not processed and committed. Reads the
 * offsets from the broker, so that a thread that hangs cannot hide the lag.
 */
public final class InputLag implements AutoCloseable {
  private static final int ASK_MS = 5_000;

  /** The two inputs. */
  public enum Input {
    /** product-events. */
    EVENTS,
    /** access-updates. */
    UPDATES
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

  private final SluiceConfig config;
  private final String group;
  private final String events;
  private final Map<TopicPartition, LagHistory> histories = new HashMap<>();

  /** Created at the first measurement, so that the worker itself reports invalid settings. */
  private volatile @Nullable Admin admin;

  private volatile @Nullable Map<Input, Lag> last;

  /** Creates the instance for one worker's group. */
  public InputLag(SluiceConfig config) {
    this.config = config;
    group = config.applicationId();
    events = new Topics(config.topicPrefix()).productEvents();
  }

  /** Returns the last measurement; null if there was none, or Kafka did not answer. */
  public @Nullable Map<Input, Lag> last() {
    return last;
  }

  /** Measures the lag of these partitions. For one thread at a time. */
  public void look(Set<TopicPartition> partitions, long nowMs) throws InterruptedException {
    try {
      histories.keySet().retainAll(partitions);
      last = partitions.isEmpty() ? Map.of() : lags(partitions, nowMs);
    } catch (ExecutionException | TimeoutException e) {
      last = null;
    }
  }

  private Map<Input, Lag> lags(Set<TopicPartition> partitions, long nowMs)
      throws InterruptedException, ExecutionException, TimeoutException {
    var asked = admin;
    if (asked == null) {
      asked = Admin.create(config.clientConfig());
      admin = asked;
    }
    var latest = partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
    // Records behind an open transaction cannot be read, but they wait too.
    var options = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
    var ends = asked.listOffsets(latest, options.timeoutMs(ASK_MS)).all();
    var spec = new ListConsumerGroupOffsetsSpec().topicPartitions(List.copyOf(partitions));
    var positions =
        asked.listConsumerGroupOffsets(Map.of(group, spec)).partitionsToOffsetAndMetadata();
    var end = ends.get(ASK_MS, TimeUnit.MILLISECONDS);
    var position = positions.get(ASK_MS, TimeUnit.MILLISECONDS);
    var lags = new HashMap<Input, Lag>();
    for (var partition : partitions) {
      var committed = position.get(partition);
      var at = end.get(partition);
      if (at != null) {
        var lag = lag(partition, at.offset(), committed == null ? 0 : committed.offset(), nowMs);
        var input = partition.topic().equals(events) ? Input.EVENTS : Input.UPDATES;
        lags.merge(input, lag, InputLag::both);
      }
    }
    return Map.copyOf(lags);
  }

  private Lag lag(TopicPartition partition, long end, long position, long nowMs) {
    var history = histories.computeIfAbsent(partition, p -> new LagHistory());
    history.add(nowMs, end);
    return end <= position
        ? Lag.NONE
        : new Lag(
            end - position, history.waitingMs(nowMs, position) / 1e3, history.covers(position));
  }

  private static Lag both(Lag a, Lag b) {
    return new Lag(a.records + b.records, Math.max(a.seconds, b.seconds), a.covered && b.covered);
  }

  @Override
  public void close() {
    var asked = admin;
    if (asked != null) {
      asked.close(Duration.ZERO);
    }
  }
}
