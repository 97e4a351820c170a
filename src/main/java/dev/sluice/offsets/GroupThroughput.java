package dev.sluice.offsets;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.offsets.InputLag.Input;
import dev.sluice.offsets.InputLag.Lag;
import dev.sluice.operator.OperatorException;
import dev.sluice.update.UpdatesTopic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Measures the throughput and lag of all workers of a group, from the broker's offsets. No other
 * worker is asked, and none need be running. Not for several threads at a time.
 */
public final class GroupThroughput {
  private final List<String> inputTopics;
  private final String commandsTopic;
  private final InputLag lag;
  private final OffsetRate rate = new OffsetRate();
  private Set<TopicPartition> inputs = Set.of();
  private Set<TopicPartition> commands = Set.of();

  /**
   * A measurement.
   *
   * @param commandsPerSecond commands committed since the measurement before, including transaction
   *     markers; null if there was no recent one
   * @param lags lag by input
   */
  public record Traffic(@Nullable Double commandsPerSecond, Map<Input, Lag> lags) {}

  /** Creates the instance for the configured group. */
  public GroupThroughput(SluiceConfig config) {
    var topics = new Topics(config.topicPrefix());
    commandsTopic = topics.accessCommands();
    inputTopics =
        List.of(
            topics.productEvents(), topics.userEvents(), UpdatesTopic.of(config.applicationId()));
    lag = new InputLag(config);
  }

  /** Measures now; null if Kafka does not answer. */
  public @Nullable Traffic measure(GroupOffsetsClient offsets, long nowMs) {
    try {
      if (inputs.isEmpty()) {
        commands = Set.copyOf(offsets.partitions(List.of(commandsTopic)));
        inputs = Set.copyOf(offsets.partitions(inputTopics));
      }
      if (!rate.follows(nowMs)) {
        // Resets the history: records that arrived between two distant measurements would seem to
        // have waited all that time.
        lag.measure(offsets, Set.of(), nowMs);
      }
      lag.measure(offsets, inputs, nowMs);
      var lags = lag.last();
      return lags == null ? null : new Traffic(commandRate(offsets, nowMs), lags);
    } catch (OperatorException e) {
      return null;
    }
  }

  private @Nullable Double commandRate(GroupOffsetsClient offsets, long nowMs) {
    var ends = offsets.end(commands, IsolationLevel.READ_COMMITTED).values();
    return rate.next(nowMs, ends.stream().mapToLong(Long::longValue).sum());
  }
}
