package dev.sluice.offsets;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.offsets.InputLag.Input;
import dev.sluice.offsets.InputLag.Lag;
import dev.sluice.update.UpdatesTopic;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Measures the throughput and lag of all workers of a group, from the broker's offsets. No worker
 * is asked, and none need be running. Not for several threads at a time.
 */
public final class GroupThroughput implements AutoCloseable {
  private static final int ASK_MS = 5_000;

  private final SluiceConfig config;
  private final String commands;
  private final List<String> inputs;
  private final InputLag lag;
  private @Nullable Admin admin;
  private @Nullable Partitions partitions;
  private final OffsetRate rate = new OffsetRate();

  private record Partitions(Set<TopicPartition> inputs, Set<TopicPartition> commands) {}

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
    this.config = config;
    var topics = new Topics(config.topicPrefix());
    commands = topics.accessCommands();
    inputs = List.of(topics.productEvents(), UpdatesTopic.of(config.applicationId()));
    lag = new InputLag(config);
  }

  /** Measures now; null if Kafka does not answer. */
  public @Nullable Traffic look(long nowMs) throws InterruptedException {
    try {
      var asked = admin;
      if (asked == null) {
        asked = Admin.create(config.clientConfig());
        admin = asked;
      }
      var known = partitions;
      if (known == null) {
        known = partitions(asked);
        partitions = known;
      }
      if (!rate.follows(nowMs)) {
        // Resets the history: records that arrived between two distant measurements would seem to
        // have waited all that time.
        lag.look(Set.of(), nowMs);
      }
      lag.look(known.inputs(), nowMs);
      var lags = lag.last();
      return lags == null ? null : new Traffic(commandRate(asked, known.commands(), nowMs), lags);
    } catch (ExecutionException | TimeoutException e) {
      return null;
    }
  }

  private Partitions partitions(Admin asked)
      throws InterruptedException, ExecutionException, TimeoutException {
    var all = new HashSet<>(inputs);
    all.add(commands);
    var described =
        asked.describeTopics(all).allTopicNames().get(ASK_MS, TimeUnit.MILLISECONDS).values();
    var byKind =
        described.stream()
            .flatMap(
                topic ->
                    topic.partitions().stream()
                        .map(p -> new TopicPartition(topic.name(), p.partition())))
            .collect(
                Collectors.partitioningBy(p -> p.topic().equals(commands), Collectors.toSet()));
    return new Partitions(
        byKind.getOrDefault(false, Set.of()), byKind.getOrDefault(true, Set.of()));
  }

  private @Nullable Double commandRate(Admin asked, Set<TopicPartition> of, long nowMs)
      throws InterruptedException, ExecutionException, TimeoutException {
    var latest = of.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
    var options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(ASK_MS);
    var ends = asked.listOffsets(latest, options).all().get(ASK_MS, TimeUnit.MILLISECONDS);
    return rate.next(nowMs, ends.values().stream().mapToLong(end -> end.offset()).sum());
  }

  @Override
  public void close() {
    lag.close();
    var asked = admin;
    if (asked != null) {
      asked.close(Duration.ZERO);
    }
  }
}
