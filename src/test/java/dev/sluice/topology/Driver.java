package dev.sluice.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.access.AccessObserver;
import dev.sluice.access.command.DirectSend;
import dev.sluice.access.command.SimulatedCommandProducer;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.contract.Topics;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.event.codec.UnknownSchemaWait;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.EventPlacement;
import dev.sluice.product.ExpirySchedule;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.sim.Contract;
import dev.sluice.sim.DriverProducer;
import dev.sluice.sim.StoredState;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.OutageRetry;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.StoreKind;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.testing.StageDriver;
import dev.sluice.update.UpdatesTopic;
import dev.sluice.update.wire.UserPartitions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The whole topology with one user partition, without a broker. */
final class Driver implements AutoCloseable {

  /** The time at the start. */
  static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");

  /** The epoch that its commands carry. */
  static final int EPOCH = 3;

  /** Where the store of what is due keeps how far the events were read. */
  private static final String READ = "~read";

  static final Topics TOPICS = new Topics("test-");

  private static final SweepScheduling AT_ONCE =
      SweepScheduling.timed(Integer.MAX_VALUE, 0, Duration.ZERO, () -> 0);

  private static final OutageRetry NO_PATIENCE = (tries, trouble) -> false;

  private final List<String> outcomes = new ArrayList<>();
  private Instant now = NOW;
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> events;
  private final TestOutputTopic<String, AccessCommand> commands;
  private final TestOutputTopic<String, ProductStatus> products;
  private final TestOutputTopic<String, RequestStatus> requests;
  private final TestOutputTopic<byte[], byte[]> rejected;

  Driver() {
    this(Contract::deserializer, NO_PATIENCE);
  }

  /** With sweeps in such slices. */
  Driver(SweepScheduling sweepScheduling) {
    this(
        Contract::deserializer,
        null,
        AccessObserver.NONE,
        sweepScheduling,
        NO_PATIENCE,
        UnknownSchemaWait.rejected(),
        SetAsideRecords.NONE);
  }

  Driver(Supplier<Deserializer<?>> deserializer, OutageRetry outageRetry) {
    this(deserializer, outageRetry, UnknownSchemaWait.rejected());
  }

  Driver(
      Supplier<Deserializer<?>> deserializer,
      OutageRetry outageRetry,
      UnknownSchemaWait unknownSchemaWait) {
    this(
        deserializer,
        null,
        AccessObserver.NONE,
        AT_ONCE,
        outageRetry,
        unknownSchemaWait,
        SetAsideRecords.NONE);
  }

  /** Sets records aside, and tells so. */
  Driver(EventObserver observer, AccessObserver accessObserver, SetAsideRecords setAsideRecords) {
    this(
        Contract::deserializer,
        observer,
        accessObserver,
        AT_ONCE,
        NO_PATIENCE,
        UnknownSchemaWait.rejected(),
        setAsideRecords);
  }

  /** Tells others, with sweeps that go on later. */
  Driver(EventObserver observer, AccessObserver accessObserver) {
    this(
        Contract::deserializer,
        observer,
        accessObserver,
        SweepScheduling.byMember(),
        NO_PATIENCE,
        UnknownSchemaWait.rejected(),
        SetAsideRecords.NONE);
  }

  private Driver(
      Supplier<Deserializer<?>> deserializer,
      @Nullable EventObserver observer,
      AccessObserver accessObserver,
      SweepScheduling sweepScheduling,
      OutageRetry outageRetry,
      UnknownSchemaWait unknownSchemaWait,
      SetAsideRecords setAsideRecords) {
    this(
        deserializer,
        observer,
        accessObserver,
        sweepScheduling,
        outageRetry,
        unknownSchemaWait,
        setAsideRecords,
        DirectSend.NONE);
  }

  private Driver(
      Supplier<Deserializer<?>> deserializer,
      @Nullable EventObserver observer,
      AccessObserver accessObserver,
      SweepScheduling sweepScheduling,
      OutageRetry outageRetry,
      UnknownSchemaWait unknownSchemaWait,
      SetAsideRecords setAsideRecords,
      DirectSend directSend) {
    var bytes = new ByteArraySerializer();
    driver =
        StageDriver.start(
            "driver",
            topology(
                deserializer,
                observer == null ? (type, outcome) -> outcomes.add(outcome) : observer,
                accessObserver,
                sweepScheduling,
                outageRetry,
                unknownSchemaWait,
                () -> now.toEpochMilli(),
                setAsideRecords,
                directSend),
            NOW);
    events = driver.createInputTopic(TOPICS.productEvents(), bytes, bytes);
    commands = output(TOPICS.accessCommands(), Contract.COMMANDS.deserializer());
    products = output(TOPICS.productStatus(), Contract.PRODUCTS.deserializer());
    requests = output(TOPICS.requestStatus(), Contract.REQUESTS.deserializer());
    rejected =
        driver.createOutputTopic(
            TOPICS.rejectedEvents(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Whose commands take the ways that the producer has. */
  Driver(SimulatedCommandProducer producer) {
    this(
        Contract::deserializer,
        null,
        AccessObserver.NONE,
        AT_ONCE,
        NO_PATIENCE,
        UnknownSchemaWait.rejected(),
        SetAsideRecords.NONE,
        producer.directSend());
    DriverProducer.replace(driver, producer::over);
  }

  static Topology topology() {
    return topology(
        Contract::deserializer,
        (type, outcome) -> {},
        AccessObserver.NONE,
        AT_ONCE,
        NO_PATIENCE,
        UnknownSchemaWait.rejected(),
        NOW::toEpochMilli,
        SetAsideRecords.NONE,
        DirectSend.NONE);
  }

  private static Topology topology(
      Supplier<Deserializer<?>> deserializer,
      EventObserver observer,
      AccessObserver accessObserver,
      SweepScheduling sweepScheduling,
      OutageRetry outageRetry,
      UnknownSchemaWait unknownSchemaWait,
      LongSupplier clockMs,
      SetAsideRecords setAsideRecords,
      DirectSend directSend) {
    return SluiceTopology.build(
        new SluiceTopology.Parts(
            TOPICS,
            UpdatesTopic.of("driver"),
            new UserPartitions(1),
            DecisionRules.DEFAULT,
            EventPlacement.ANY,
            deserializer,
            Contract.serializer(),
            directSend,
            EPOCH,
            StoreKind.MEMORY,
            sweepScheduling,
            ExpirySchedule.DEFAULT,
            observer,
            accessObserver,
            outageRetry,
            unknownSchemaWait,
            clockMs,
            setAsideRecords,
            IdleCommits.NONE));
  }

  private <V> TestOutputTopic<String, V> output(String topic, Deserializer<V> deserializer) {
    return driver.createOutputTopic(topic, new StringDeserializer(), deserializer);
  }

  /** Works off events and forgets what came of them. */
  void given(ProductEvent... history) {
    for (var event : history) {
      put(event);
    }
    commands.readRecordsToList();
    products.readRecordsToList();
    requests.readRecordsToList();
    rejected.readRecordsToList();
    outcomes.clear();
  }

  void put(ProductEvent event) {
    put(event.productId().getBytes(UTF_8), bytes(event));
  }

  void put(byte @Nullable [] key, byte @Nullable [] value) {
    put(key, value, new RecordHeaders(), NOW);
  }

  void put(byte @Nullable [] key, byte @Nullable [] value, Headers headers, Instant timestamp) {
    events.pipeInput(new TestRecord<>(key, value, headers, timestamp));
  }

  /** Puts an event about a user in. */
  void put(UserEvent event) {
    var value = Contract.USERS.serializer().serialize(TOPICS.userEvents(), EventAvro.toAvro(event));
    putUser(event.userId().getBytes(UTF_8), value);
  }

  /** Puts bytes into the topic of events about users. */
  void putUser(byte @Nullable [] key, byte @Nullable [] value) {
    driver
        .createInputTopic(TOPICS.userEvents(), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(key, value, new RecordHeaders(), NOW));
  }

  /** Writes to access-updates what the product stage did not. */
  void putUpdate(String key, byte @Nullable [] value) {
    driver
        .createInputTopic(
            UpdatesTopic.of("driver"), new StringSerializer(), new ByteArraySerializer())
        .pipeInput(key, value, NOW);
  }

  /** Returns the time. */
  Instant now() {
    return now;
  }

  /** Turns the clock forward. */
  void pass(Duration time) {
    now = now.plus(time);
    driver.advanceWallClockTime(time);
  }

  static byte[] bytes(ProductEvent event) {
    return Contract.EVENTS.serializer().serialize(TOPICS.productEvents(), EventAvro.toAvro(event));
  }

  /** The commands since the last look, as {@code GRANT ana s1 p1 ACCESS_APPROVED}. */
  List<String> commands() {
    return commands.readValuesToList().stream()
        .map(
            c ->
                String.join(
                    " ",
                    c.getAction().name(),
                    c.getUserId(),
                    c.getSourceId(),
                    c.getProductId(),
                    c.getReason().name()))
        .toList();
  }

  List<TestRecord<String, AccessCommand>> commandRecords() {
    return commands.readRecordsToList();
  }

  List<TestRecord<String, ProductStatus>> productStatuses() {
    return products.readRecordsToList();
  }

  List<TestRecord<String, RequestStatus>> requestStatuses() {
    return requests.readRecordsToList();
  }

  List<TestRecord<byte[], byte[]>> rejected() {
    return rejected.readRecordsToList();
  }

  /** Returns the outcomes that the observer received, in order. */
  List<String> outcomes() {
    return outcomes;
  }

  /** The keys in a store. */
  List<String> keys(String store) {
    var keys = new ArrayList<String>();
    try (var all = driver.<String, Object>getKeyValueStore(store).all()) {
      all.forEachRemaining(entry -> keys.add(entry.key));
    }
    keys.removeIf(key -> key.startsWith("~")); // of the task, not of what is due
    return keys;
  }

  /** All that is stored, as text: store, key, value; but how far was read. */
  List<String> state() {
    var state = new ArrayList<String>();
    for (var store : StoredState.names(driver)) {
      try (var all = driver.<Object, Object>getKeyValueStore(store).all()) {
        all.forEachRemaining(
            entry ->
                state.add(
                    store
                        + " "
                        + entry.key
                        + " "
                        + (entry.value instanceof byte[] bytes
                            ? Arrays.toString(bytes)
                            : entry.value)));
      }
    }
    state.removeIf(
        line -> line.startsWith("due " + READ) || line.startsWith("command-revision read"));
    return state;
  }

  @Override
  public void close() {
    driver.close();
  }
}
