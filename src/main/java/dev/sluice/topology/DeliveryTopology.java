package dev.sluice.topology;

import dev.sluice.config.DeliveryKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.StateStore;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.delivery.Deadlines;
import dev.sluice.delivery.DeliveryDecider;
import dev.sluice.delivery.stage.DeliveryObserver;
import dev.sluice.delivery.stage.DeliveryStage;
import dev.sluice.event.codec.UnknownSchemaWait;
import dev.sluice.streams.ArrivalTime;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.OutageRetry;
import dev.sluice.streams.StoreKind;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * The delivery stage as a topology.
 *
 * <pre>
 * access-commands ──▶ delivery-stage ──▶ access-delivery
 * access-results  ──┘
 * </pre>
 *
 * <p>A task has the same partition of both inputs, so that it has all commands and results of its
 * users and sources. The start sets the offsets of a new group, so that no partition is without
 * one: the reset policy is only what happens if somebody deletes an offset.
 */
public final class DeliveryTopology {

  /** The delivery stage's node. */
  public static final String DELIVERY_STAGE = "delivery-stage";

  private static final String SOURCE = "commands-and-results-source";
  private static final String SINK = "access-delivery-sink";

  private DeliveryTopology() {}

  /**
   * Parameters of the topology.
   *
   * @param topics names of the public topics
   * @param partitions returns the number of partitions of access-commands
   * @param decider the configured rules of decisions
   * @param deserializer makes a task's deserializers to generated records
   * @param serializer serializes the contract's records
   * @param stateStores the place of the state
   * @param typeNames returns the name under which a type of sources is counted
   * @param observer listener for every outcome
   * @param outageRetry waits while a record cannot be read
   * @param unknownSchemas decides how long a schema missing from the registry is waited for
   * @param clockMs returns the current time, in milliseconds since the epoch
   * @param idleCommits requests commits at rest
   */
  public record Parts(
      Topics topics,
      IntSupplier partitions,
      DeliveryDecider decider,
      Supplier<Deserializer<?>> deserializer,
      Serializer<Object> serializer,
      StoreKind stateStores,
      UnaryOperator<String> typeNames,
      DeliveryObserver observer,
      OutageRetry outageRetry,
      UnknownSchemaWait unknownSchemas,
      LongSupplier clockMs,
      IdleCommits idleCommits) {}

  /**
   * Builds the topology from the configuration.
   *
   * @param config delivery's own settings
   * @param partitions returns the number of partitions of access-commands
   * @param typeNames returns the name under which a type of sources is counted
   */
  public static Topology of(
      SluiceConfig config,
      ContractSerdes serdes,
      Serializer<Object> serializer,
      DeliveryObserver observer,
      UnaryOperator<String> typeNames,
      OutageRetry outageRetry,
      IntSupplier partitions,
      IdleCommits idleCommits) {
    return build(
        new Parts(
            new Topics(config.topicPrefix()),
            partitions,
            new DeliveryDecider(deadlines(config), config.get(DeliveryKeys.RESULT_HOLD).toMillis()),
            serdes::deserializer,
            serializer,
            config.get(WorkerKeys.STATE_STORE) == StateStore.MEMORY
                ? StoreKind.MEMORY
                : StoreKind.ROCKSDB,
            typeNames,
            observer,
            outageRetry,
            new UnknownSchemaWait(config.unknownSchemaWait(), System::nanoTime),
            System::currentTimeMillis,
            idleCommits));
  }

  /** Returns the configured deadlines. */
  public static Deadlines deadlines(SluiceConfig config) {
    return new Deadlines(
        config.get(DeliveryKeys.GRANT_DEADLINE).toMillis(),
        config.get(DeliveryKeys.REVOKE_DEADLINE).toMillis());
  }

  /** Returns a topology that is only inspected for its names and never run. */
  public static Topology forItsNames(SluiceConfig config) {
    var serdes = new ContractSerdes(config);
    return of(
        config,
        serdes,
        new PerThreadSerializer(serdes::serializer),
        DeliveryObserver.NONE,
        type -> type,
        (tries, trouble) -> false,
        () -> 1,
        IdleCommits.NONE);
  }

  /** Builds the topology. */
  public static Topology build(Parts parts) {
    var topics = parts.topics();
    return new Topology()
        .addSource(
            AutoOffsetReset.earliest(),
            SOURCE,
            new ArrivalTime(parts.clockMs()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            topics.accessCommands(),
            topics.accessResults())
        .addProcessor(
            DELIVERY_STAGE,
            new DeliveryStage(
                topics,
                parts.decider(),
                parts.deserializer(),
                parts.unknownSchemas(),
                parts.partitions(),
                parts.typeNames(),
                parts.observer(),
                parts.outageRetry(),
                SINK,
                parts.stateStores(),
                parts.idleCommits()),
            SOURCE)
        .addSink(
            SINK,
            topics.accessDelivery(),
            new StringSerializer(),
            parts.serializer(),
            DELIVERY_STAGE);
  }
}
