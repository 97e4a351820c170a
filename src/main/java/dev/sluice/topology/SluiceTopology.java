package dev.sluice.topology;

import dev.sluice.access.AccessObserver;
import dev.sluice.access.command.DirectSend;
import dev.sluice.access.stage.AccessStage;
import dev.sluice.contract.Topics;
import dev.sluice.event.codec.EventReader;
import dev.sluice.event.codec.UnknownSchemaWait;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.ExpirySchedule;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.product.stage.ProductStage;
import dev.sluice.product.stage.Rejection;
import dev.sluice.streams.ArrivalTime;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.OutageRetry;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.StoreKind;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.UpdatesTopic;
import dev.sluice.update.wire.AccessUpdateSerde;
import dev.sluice.update.wire.UserPartitions;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;

/**
 * The two stages as one topology.
 *
 * <pre>
 * product-events ──▶ product-stage ──▶ access-updates ──▶ access-stage ──▶ access-commands
 *                          └──▶ product-status, request-status, rejected-events
 * </pre>
 *
 * <p>The repartitioning between them comes from the DSL, since only the DSL can make internal
 * topics. The sinks are added to its result, since a stage has several kinds of output.
 */
public final class SluiceTopology {

  /** The product stage's node. */
  public static final String PRODUCT_STAGE = "product-stage";

  /** The access stage's node. */
  public static final String ACCESS_STAGE = "access-stage";

  private static final String EVENTS_SOURCE = "product-events-source";
  private static final String COMMANDS_SINK = "access-commands-sink";
  private static final String PRODUCT_STATUS_SINK = "product-status-sink";
  private static final String REQUEST_STATUS_SINK = "request-status-sink";
  private static final String REJECTED_SINK = "rejected-events-sink";
  private static final String SET_ASIDE_SINK = "updates-set-aside-sink";

  /** The first node of the DSL's repartitioning; a test holds the name. */
  private static final String UPDATES_NODE = UpdatesTopic.NAME + "-repartition-filter";

  private SluiceTopology() {}

  /**
   * Parameters of the topology.
   *
   * @param topics names of the public topics
   * @param userPartitions the partitions of access-updates
   * @param rules the configured rules of decisions, and the placement of events
   * @param deserializer makes one task's deserializer of events, as {@link EventReader} takes it
   * @param serializer serializes the contract's records
   * @param directSend the direct way for commands
   * @param commandsEpoch the epoch of every command, 0 or above
   * @param stateStores the place of the state
   * @param slicing the amount of sweep work at a time
   * @param schedule the times at which requests change
   * @param observer listener for every event's outcome
   * @param accessObserver listener for sums of commands, and for sweeps
   * @param outageRetry waits while an event cannot be read
   * @param unknownSchemas decides how long a schema missing from the registry is waited for
   * @param clockMs returns the current time, in milliseconds since the epoch
   * @param setAside the records that are not to be processed
   * @param idleCommits requests commits at rest
   */
  public record Parts(
      Topics topics,
      UserPartitions userPartitions,
      DecisionRules rules,
      Supplier<Deserializer<?>> deserializer,
      Serializer<Object> serializer,
      DirectSend directSend,
      int commandsEpoch,
      StoreKind stateStores,
      SweepScheduling slicing,
      ExpirySchedule schedule,
      EventObserver observer,
      AccessObserver accessObserver,
      OutageRetry outageRetry,
      UnknownSchemaWait unknownSchemas,
      LongSupplier clockMs,
      SetAsideRecords setAside,
      IdleCommits idleCommits) {}

  /** Builds the topology. */
  @SuppressWarnings("unchecked") // several kinds of output have no common type
  public static Topology build(Parts parts) {
    var topics = parts.topics();
    var builder = new StreamsBuilder();
    var updates =
        (KStream<String, AccessUpdate>)
            (KStream<?, ?>)
                builder.stream(
                        topics.productEvents(),
                        Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                            .withName(EVENTS_SOURCE)
                            .withTimestampExtractor(new ArrivalTime(parts.clockMs())))
                    .process(productStage(parts), Named.as(PRODUCT_STAGE));
    var read =
        (KStream<String, byte[]>)
            (KStream<String, ?>)
                updates.repartition(
                    Repartitioned.<String, AccessUpdate>as(UpdatesTopic.NAME)
                        .withKeySerde(Serdes.String())
                        .withValueSerde(updatesSerde())
                        .withNumberOfPartitions(parts.userPartitions().count())
                        .withStreamPartitioner(parts.userPartitions()));
    read.process(
        new AccessStage(
            new AccessStage.Outputs(COMMANDS_SINK, SET_ASIDE_SINK),
            parts.setAside(),
            Rejection::setAside,
            parts.directSend(),
            parts.commandsEpoch(),
            parts.accessObserver(),
            parts.slicing(),
            parts.stateStores(),
            parts.idleCommits()),
        Named.as(ACCESS_STAGE));
    var key = new StringSerializer();
    var value = parts.serializer();
    var bytes = new ByteArraySerializer();
    return builder
        .build()
        .addSink(COMMANDS_SINK, topics.accessCommands(), bytes, value, ACCESS_STAGE)
        .addSink(PRODUCT_STATUS_SINK, topics.productStatus(), key, value, PRODUCT_STAGE)
        .addSink(REQUEST_STATUS_SINK, topics.requestStatus(), key, value, PRODUCT_STAGE)
        .addSink(REJECTED_SINK, topics.rejectedEvents(), bytes, bytes, PRODUCT_STAGE)
        .addSink(SET_ASIDE_SINK, topics.rejectedEvents(), bytes, bytes, ACCESS_STAGE);
  }

  /**
   * Returns a serde that writes updates; the access stage reads their bytes and decodes them
   * itself.
   */
  @SuppressWarnings("unchecked")
  private static Serde<AccessUpdate> updatesSerde() {
    var serializer = new AccessUpdateSerde().serializer();
    Serde<?> serde =
        Serdes.<Object>serdeFrom(
            (topic, update) -> serializer.serialize(topic, (AccessUpdate) update),
            (topic, bytes) -> bytes);
    return (Serde<AccessUpdate>) serde;
  }

  private static ProductStage productStage(Parts parts) {
    Supplier<EventReader> reader =
        () ->
            new EventReader(
                parts.deserializer().get(), parts.topics().productEvents(), parts.unknownSchemas());
    return new ProductStage(
        reader,
        parts.userPartitions(),
        parts.rules(),
        parts.schedule(),
        parts.observer(),
        parts.outageRetry(),
        parts.slicing().scheduler(),
        new ProductStage.Outputs(
            UPDATES_NODE, PRODUCT_STATUS_SINK, REQUEST_STATUS_SINK, REJECTED_SINK),
        parts.stateStores(),
        parts.setAside(),
        parts.idleCommits());
  }
}
