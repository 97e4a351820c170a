package dev.sluice.runtime;

import dev.sluice.access.Express;
import dev.sluice.access.SetAside;
import dev.sluice.access.Slicing;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.StateStore;
import dev.sluice.contract.Topics;
import dev.sluice.event.UnknownSchemas;
import dev.sluice.product.Patience;
import dev.sluice.product.Rules;
import dev.sluice.product.Schedule;
import dev.sluice.topology.EventPartitioner;
import dev.sluice.topology.EventPlaces;
import dev.sluice.topology.SluiceTopology;
import dev.sluice.topology.StateStores;
import dev.sluice.topology.UserPartitions;
import java.util.function.IntSupplier;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;

/** Puts the topology together as the configuration has it. */
final class WorkerTopology {
  /** So much of a sweep, in members and commands, is done at once with the event. */
  private static final int SMALL_SWEEP_MAX = 1_000;

  /** Up to so many members are settled each on its own. */
  private static final int FEW_MEMBERS = 16;

  private WorkerTopology() {}

  static Topology of(
      SluiceConfig config,
      ContractSerdes serdes,
      Serializer<Object> serializer,
      Express express,
      Observers observers,
      Patience patience,
      IntSupplier eventPartitions) {
    return SluiceTopology.build(
        new SluiceTopology.Parts(
            new Topics(config.topicPrefix()),
            new UserPartitions(config.accessPartitions()),
            rules(config, eventPartitions),
            serdes::eventDeserializer,
            serializer,
            express,
            config.commandsEpoch(),
            config.stateStore() == StateStore.MEMORY ? StateStores.MEMORY : StateStores.ROCKSDB,
            Slicing.timed(SMALL_SWEEP_MAX, FEW_MEMBERS, config.sweepSlice(), System::nanoTime),
            new Schedule(config.noticeSoon().toMillis(), config.noticeVerySoon().toMillis()),
            observers.events(),
            observers.access(),
            patience,
            new UnknownSchemas(config.unknownSchemaWait(), System::nanoTime),
            System::currentTimeMillis,
            SetAside.of(config.recordsSetAside())));
  }

  /** One that is looked at and never run. */
  static Topology forItsNames(SluiceConfig config) {
    var serdes = new ContractSerdes(config);
    var serializer = new PerThreadSerializer(serdes::serializer);
    return of(
        config,
        serdes,
        serializer,
        new CommandExpress(new Topics(config.topicPrefix()).accessCommands(), serializer),
        Observers.of((type, outcome) -> {}),
        new OutagePatience(config.maxPollInterval(), System::nanoTime, Thread::sleep),
        () -> 1);
  }

  private static Rules rules(SluiceConfig config, IntSupplier eventPartitions) {
    var places =
        new EventPlaces(EventPartitioner.named(config.eventsPartitioner()), eventPartitions);
    return new Rules(places, config.sequenceJumpMax(), config.isSelfApprovalAllowed());
  }
}
