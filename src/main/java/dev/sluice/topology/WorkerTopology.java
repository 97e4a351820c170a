package dev.sluice.topology;

import dev.sluice.access.AccessObserver;
import dev.sluice.access.command.DirectSend;
import dev.sluice.config.KafkaKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.StateStore;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.event.codec.UnknownSchemaWait;
import dev.sluice.failure.BackoffOutageRetry;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.ExpirySchedule;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.OutageRetry;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.StoreKind;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.update.UpdatesTopic;
import dev.sluice.update.wire.UserPartitions;
import java.util.function.IntSupplier;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;

/** Builds the topology from the configuration. */
public final class WorkerTopology {
  /** Maximum amount of a sweep, in members and commands, that is done at once with the event. */
  private static final int SMALL_SWEEP_MAX = 4_000;

  /** Maximum number of members who are settled individually. */
  private static final int FEW_MEMBERS = 16;

  private WorkerTopology() {}

  public static Topology of(
      SluiceConfig config,
      ContractSerdes serdes,
      Serializer<Object> serializer,
      DirectSend directSend,
      Observers observers,
      OutageRetry outageRetry,
      IntSupplier eventPartitions,
      IntSupplier userEventPartitions,
      IdleCommits idleCommits) {
    return SluiceTopology.build(
        new SluiceTopology.Parts(
            new Topics(config.topicPrefix()),
            UpdatesTopic.of(config.applicationId()),
            new UserPartitions(config.get(KafkaKeys.ACCESS_PARTITIONS)),
            rules(config, eventPartitions),
            places(config, userEventPartitions),
            serdes::eventDeserializer,
            serializer,
            directSend,
            config.get(WorkerKeys.COMMANDS_EPOCH),
            config.get(WorkerKeys.STATE_STORE) == StateStore.MEMORY
                ? StoreKind.MEMORY
                : StoreKind.ROCKSDB,
            SweepScheduling.timed(
                SMALL_SWEEP_MAX, FEW_MEMBERS, config.get(WorkerKeys.SWEEP_SLICE), System::nanoTime),
            new ExpirySchedule(
                config.get(WorkerKeys.NOTICE_SOON).toMillis(),
                config.get(WorkerKeys.NOTICE_VERY_SOON).toMillis()),
            EventObserver.all(observers.events()),
            AccessObserver.all(observers.access()),
            outageRetry,
            new UnknownSchemaWait(config.unknownSchemaWait(), System::nanoTime),
            System::currentTimeMillis,
            SetAsideRecords.of(config.get(WorkerKeys.RECORDS_SET_ASIDE)),
            idleCommits));
  }

  /** Returns a topology that is only inspected for its names and never run. */
  public static Topology forItsNames(SluiceConfig config) {
    var serdes = new ContractSerdes(config);
    var serializer = new PerThreadSerializer(serdes::serializer);
    return of(
        config,
        serdes,
        serializer,
        DirectSend.NONE,
        Observers.NONE,
        new BackoffOutageRetry(config.maxPollInterval(), System::nanoTime, Thread::sleep),
        () -> 1,
        () -> 1,
        IdleCommits.NONE);
  }

  private static DecisionRules rules(SluiceConfig config, IntSupplier eventPartitions) {
    return new DecisionRules(
        places(config, eventPartitions),
        config.get(WorkerKeys.SEQUENCE_JUMP_MAX),
        config.get(WorkerKeys.SELF_APPROVAL));
  }

  private static PartitionerPlacement places(SluiceConfig config, IntSupplier partitions) {
    return new PartitionerPlacement(
        EventPartitioner.named(config.get(KafkaKeys.EVENTS_PARTITIONER)), partitions);
  }
}
