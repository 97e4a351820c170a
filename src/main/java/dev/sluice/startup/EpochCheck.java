package dev.sluice.startup;

import dev.sluice.avro.AccessCommand;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.failure.FailureHandler;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.offsets.TopicTail;
import dev.sluice.operator.OperatorException;
import dev.sluice.serde.OutageClassifier;
import dev.sluice.topology.ContractSerdes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the output topics and the group, and applies the {@link EpochRule}. */
final class EpochCheck {
  private static final Logger LOG = LoggerFactory.getLogger(EpochCheck.class);

  private final GroupOffsetsClient offsets;
  private final SluiceConfig config;
  private final LostOffsetsCheck state;
  private final Topics topics;

  EpochCheck(GroupOffsetsClient offsets, SluiceConfig config) {
    this.offsets = offsets;
    this.config = config;
    this.state = new LostOffsetsCheck(offsets, config);
    this.topics = new Topics(config.topicPrefix());
  }

  /**
   * Fails if the group must not write to the outputs. Called when its offsets are known not to be
   * lost.
   *
   * @throws OperatorException with the remedy
   */
  void require(InternalTopics internalTopics) {
    // The outputs before the group: a first commit of another worker of the group is then visible
    // in its offsets too.
    var outputs = partitions(topics.outputs());
    // Only commands are read: rejected events may be large, and many.
    var others = outputs.stream().filter(p -> !p.topic().equals(topics.accessCommands())).toList();
    var nonEmpty = new TreeSet<String>();
    TopicTail.nonEmpty(config, others).forEach(partition -> nonEmpty.add(partition.topic()));
    var tails = TopicTail.of(config, outputs.stream().filter(p -> !others.contains(p)).toList());
    tails.keySet().forEach(partition -> nonEmpty.add(partition.topic()));
    if (nonEmpty.isEmpty()) {
      return;
    }
    var isNew = isNew(internalTopics);
    var rule =
        new EpochRule(
            config.applicationId(), config.get(WorkerKeys.COMMANDS_EPOCH), topics.accessCommands());
    int highest;
    try {
      highest = highest(tails);
    } catch (UnknownEpochException e) {
      if (!isNew) {
        LOG.warn(
            "not checked whether another worker has begun a new epoch: {}",
            FailureHandler.messages(e));
        return;
      }
      if (config.get(WorkerKeys.COMMANDS_EPOCH) > 0) {
        throw new OperatorException(
            "cannot determine the highest epoch in %s: %s"
                .formatted(topics.accessCommands(), FailureHandler.messages(e)),
            e);
      }
      highest = 0;
    }
    var problem = rule.problem(isNew, List.copyOf(nonEmpty), highest);
    if (problem != null) {
      throw new OperatorException(problem);
    }
  }

  private List<TopicPartition> partitions(List<String> names) {
    var existing = new ArrayList<>(names);
    existing.retainAll(offsets.topics());
    return offsets.partitions(existing);
  }

  /**
   * Returns whether the group has neither an offset after the first record of an input nor state. A
   * reset group has offsets, at the beginning.
   */
  private boolean isNew(InternalTopics internalTopics) {
    var inputs = partitions(topics.inputs());
    var committed = state.committed(inputs);
    var first = offsets.first(inputs);
    return committed.entrySet().stream()
            .allMatch(entry -> entry.getValue() <= first.getOrDefault(entry.getKey(), 0L))
        && !state.hasState(internalTopics);
  }

  /** Thrown if the registry does not answer now. */
  private static final class UnknownEpochException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownEpochException(RuntimeException cause) {
      super(cause);
    }
  }

  /** Returns the highest epoch; an unreadable record is not Sluice's, and counts as 0. */
  private int highest(Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> tails) {
    int highest = 0;
    try (var deserializer = new ContractSerdes(config).deserializer()) {
      for (var entry : tails.entrySet()) {
        if (!entry.getKey().topic().equals(topics.accessCommands())) {
          continue;
        }
        for (var record : entry.getValue()) {
          try {
            if (record.value() != null
                && deserializer.deserialize(record.topic(), record.headers(), record.value())
                    instanceof AccessCommand command) {
              highest = Math.max(highest, command.getEpoch());
            }
          } catch (RuntimeException e) {
            if (OutageClassifier.whileReading(e) instanceof RetriableException outage) {
              throw new UnknownEpochException(outage);
            }
            LOG.debug("no command at {} offset {}", entry.getKey(), record.offset(), e);
          }
        }
      }
    }
    return highest;
  }
}
