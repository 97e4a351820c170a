package dev.sluice.topology;

import dev.sluice.access.AccessObserver;
import dev.sluice.access.command.DirectSend;
import dev.sluice.access.stage.AccessStage;
import dev.sluice.contract.Topics;
import dev.sluice.event.codec.EventReader;
import dev.sluice.event.codec.UnknownSchemaWait;
import dev.sluice.event.codec.UserEventReader;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.EventPlacement;
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
import dev.sluice.user.stage.UserStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Repartitioned;

/**
 * The stages as one topology.
 *
 * <pre>
 * product-events ──▶ product-stage ──▶ access-updates ──▶ access-stage ──▶ access-commands
 *                          └──▶ product-status, request-status, rejected-events
 * user-events ──▶ user-stage ──▶ access-updates, rejected-events
 * </pre>
 *
 * <p>The repartitioning between them comes from the DSL, since only the DSL can make internal
 * topics. The sinks are added to its result, since a stage has several kinds of output.
 *
 * <p>The user stage is a part of its own, and the last one. It writes to the topic between the
 * stages by the topic's full name. If it shared the DSL's repartitioning, both inputs would belong
 * to one part, whose tasks, and changelogs, are as many as the partitions of the larger input.
 */
public final class SluiceTopology {

  /** The product stage's node. */
  public static final String PRODUCT_STAGE = "product-stage";

  /** The access stage's node. */
  public static final String ACCESS_STAGE = "access-stage";

  /** The user stage's node. */
  public static final String USER_STAGE = "user-stage";

  private static final String USERS_SOURCE = "user-events-source";
  private static final String USER_UPDATES_SINK = "user-updates-sink";
  private static final String USERS_REJECTED_SINK = "user-events-rejected-sink";
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
   * @param updatesTopic the full name of the topic between the stages
   * @param userPartitions the partitions of access-updates
   * @param rules the configured rules of decisions, and the placement of events
   * @param userPlaces the placement of events about users
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
      String updatesTopic,
      UserPartitions userPartitions,
      DecisionRules rules,
      EventPlacement userPlaces,
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
    var topology =
        builder
            .build()
            .addSink(COMMANDS_SINK, topics.accessCommands(), bytes, value, ACCESS_STAGE)
            .addSink(PRODUCT_STATUS_SINK, topics.productStatus(), key, value, PRODUCT_STAGE)
            .addSink(REQUEST_STATUS_SINK, topics.requestStatus(), key, value, PRODUCT_STAGE)
            .addSink(REJECTED_SINK, topics.rejectedEvents(), bytes, bytes, PRODUCT_STAGE)
            .addSink(SET_ASIDE_SINK, topics.rejectedEvents(), bytes, bytes, ACCESS_STAGE);
    return withUsers(topology, parts);
  }

  private static Topology withUsers(Topology topology, Parts parts) {
    var topics = parts.topics();
    var bytes = new ByteArraySerializer();
    return topology
        .addSource(
            AutoOffsetReset.earliest(),
            USERS_SOURCE,
            new ArrivalTime(parts.clockMs()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            topics.userEvents())
        .addProcessor(USER_STAGE, userStage(parts), USERS_SOURCE)
        .addSink(
            USER_UPDATES_SINK,
            parts.updatesTopic(),
            new StringSerializer(),
            new AccessUpdateSerde().serializer(),
            parts.userPartitions(),
            USER_STAGE)
        .addSink(USERS_REJECTED_SINK, topics.rejectedEvents(), bytes, bytes, USER_STAGE);
  }

  private static UserStage userStage(Parts parts) {
    return new UserStage(
        () ->
            new UserEventReader(
                parts.deserializer().get(), parts.topics().userEvents(), parts.unknownSchemas()),
        parts.rules().at(parts.userPlaces()),
        parts.observer(),
        parts.outageRetry(),
        parts.slicing().scheduler(),
        new UserStage.Outputs(USER_UPDATES_SINK, USERS_REJECTED_SINK),
        parts.stateStores(),
        parts.setAside(),
        parts.idleCommits());
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
