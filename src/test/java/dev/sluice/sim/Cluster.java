package dev.sluice.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.access.AccessObserver;
import dev.sluice.access.command.SimulatedCommandProducer;
import dev.sluice.access.command.SimulatedCommandProducer.Trouble;
import dev.sluice.access.stage.AccessStage;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.avro.internal.StoredUserAccess;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.event.codec.EventReader;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.ExpirySchedule;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.product.stage.ProductStage;
import dev.sluice.product.stage.Rejection;
import dev.sluice.product.stage.TaskStatistics;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.ReadStores;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.StoreKind;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.testing.StageDriver;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.wire.AccessUpdateSerde;
import dev.sluice.update.wire.UserPartitions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The real stages with several user partitions: one driver for the product stage, and one for each
 * partition of access-updates, joined by the real partitioner. A {@link TopologyTestDriver} alone
 * knows one partition.
 */
public final class Cluster implements AutoCloseable {

  /** The outcome of one event. */
  public record Step(
      List<AccessCommand> commands,
      List<ProductStatus> productStatuses,
      List<RequestStatus> requestStatuses,
      List<String> rejections,
      String outcome,
      int updatesSent) {}

  private static final AccessUpdateSerde UPDATES = new AccessUpdateSerde();

  /** Some commands go the one way, some the other. */
  private static final Trouble COMMANDS = new Trouble(true, 3, 0, 1);

  private final UserPartitions userPartitions;
  private final StoreKind stores;
  private final SweepScheduling sweepScheduling;
  private final List<TopologyTestDriver> access = new ArrayList<>();
  private TopologyTestDriver product;
  private TestOutputTopic<String, AccessUpdate> updates;
  private TestOutputTopic<String, ProductStatus> productStatus;
  private TestOutputTopic<String, RequestStatus> requestStatus;
  private TestOutputTopic<byte[], byte[]> rejected;
  private Instant now;
  private String outcome = "";
  private TaskStatistics statistics = new TaskStatistics();

  /** With sweeps that are done with the event that they come from. */
  public Cluster(int partitions, StoreKind stores, Instant start) {
    this(
        partitions,
        stores,
        SweepScheduling.timed(Integer.MAX_VALUE, 0, Duration.ZERO, () -> 0),
        start);
  }

  public Cluster(int partitions, StoreKind stores, SweepScheduling sweepScheduling, Instant start) {
    this.userPartitions = new UserPartitions(partitions);
    this.stores = stores;
    this.sweepScheduling = sweepScheduling;
    this.now = start;
    startProduct();
    for (int i = 0; i < partitions; i++) {
      access.add(startAccess());
    }
  }

  private void startProduct() {
    var stage =
        new ProductStage(
            () -> new EventReader(Contract.deserializer(), "events"),
            userPartitions,
            DecisionRules.DEFAULT,
            ExpirySchedule.DEFAULT,
            new EventObserver() {
              @Override
              public void decided(String type, String result) {
                outcome = result;
              }

              @Override
              public void opened(int partition, TaskStatistics opened) {
                statistics = opened;
              }
            },
            (tries, trouble) -> false,
            sweepScheduling.scheduler(),
            new ProductStage.Outputs("updates", "product", "request", "rejected"),
            stores,
            SetAsideRecords.NONE,
            IdleCommits.NONE);
    var bytes = new ByteArraySerializer();
    var text = new StringSerializer();
    product =
        driver(
            new Topology()
                .addSource(
                    "source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "events")
                .addProcessor("stage", stage, "source")
                .addSink("updates", "updates", text, UPDATES.serializer(), "stage")
                .addSink("product", "product", text, Contract.serializer(), "stage")
                .addSink("request", "request", text, Contract.serializer(), "stage")
                .addSink("rejected", "rejected", bytes, bytes, "stage"));
    updates = output(product, "updates", UPDATES.deserializer());
    productStatus = output(product, "product", Contract.PRODUCTS.deserializer());
    requestStatus = output(product, "request", Contract.REQUESTS.deserializer());
    rejected =
        product.createOutputTopic(
            "rejected", new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private TopologyTestDriver startAccess() {
    var producer =
        new SimulatedCommandProducer("commands", Contract.serializer(), COMMANDS, access.size());
    var started =
        driver(
            new Topology()
                .addSource(
                    "source", new StringDeserializer(), new ByteArrayDeserializer(), "updates")
                .addProcessor(
                    "stage",
                    new AccessStage(
                        new AccessStage.Outputs("commands", "none"),
                        SetAsideRecords.NONE,
                        Rejection::setAside,
                        producer.directSend(),
                        0,
                        AccessObserver.NONE,
                        sweepScheduling,
                        stores,
                        IdleCommits.NONE),
                    "source")
                .addSink(
                    "commands",
                    "commands",
                    new ByteArraySerializer(),
                    Contract.serializer(),
                    "stage"));
    DriverProducer.replace(started, producer::over);
    return started;
  }

  private TopologyTestDriver driver(Topology topology) {
    return StageDriver.start("cluster", topology, now);
  }

  private static <V> TestOutputTopic<String, V> output(
      TopologyTestDriver driver, String topic, Deserializer<V> deserializer) {
    return driver.createOutputTopic(topic, new StringDeserializer(), deserializer);
  }

  /** Puts an event in and works off all that follows. */
  public Step publish(ProductEvent event) {
    publishBytes(event);
    return settle();
  }

  private void publishBytes(ProductEvent event) {
    put(
        event.productId().getBytes(UTF_8),
        Contract.EVENTS.serializer().serialize("events", EventAvro.toAvro(event)));
  }

  /** Tells the access stage that a user is deactivated, or active again. */
  public List<AccessCommand> turn(String userId, boolean active) {
    var cause = new AccessUpdate.Trigger("turn-" + userId, now.toEpochMilli());
    var update = new AccessUpdate.UserChanged(userId, cause, active, "left");
    return deliver(partitionOf(userId), new TestRecord<>(userId, update, now));
  }

  /** How many users have sources that are still to be taken or given back. */
  public long turned() {
    long count = 0;
    for (var driver : access) {
      try (var all = driver.<String, StoredUserAccess>getKeyValueStore("deactivated-users").all()) {
        while (all.hasNext()) {
          var stored = all.next().value;
          count += stored.getActive() || !stored.getAll() ? 1 : 0;
        }
      }
    }
    return count;
  }

  /** Puts bytes in and works off all that follows. */
  public Step publish(byte[] key, byte[] value) {
    put(key, value);
    return settle();
  }

  private void put(byte[] key, byte[] value) {
    outcome = "";
    product
        .createInputTopic("events", new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(key, value);
  }

  /** Turns the clock forward and works off all that follows. */
  public Step advance(Duration by) {
    outcome = "";
    now = now.plus(by);
    product.advanceWallClockTime(by);
    var step = settle();
    for (int i = 0; i < access.size(); i++) {
      step.commands().addAll(tick(i));
    }
    return step;
  }

  /** One slice of a sweep in one partition, without a change of the time that the products see. */
  public List<AccessCommand> tick(int partition) {
    var driver = access.get(partition);
    driver.advanceWallClockTime(Duration.ofMillis(100));
    return output(driver, "commands", Contract.COMMANDS.deserializer()).readValuesToList();
  }

  /** The raw stores: those of the product stage, and then those of each partition of users. */
  List<StoredState> stored() {
    var all = new ArrayList<StoredState>();
    all.add(StoredState.of(product));
    access.forEach(driver -> all.add(StoredState.of(driver)));
    return all;
  }

  /** The stores of the product stage, as those see them who ask from outside. */
  public ReadStores productStores() {
    return product::getKeyValueStore;
  }

  /** The numbers that the product stage's task keeps. */
  public TaskStatistics statistics() {
    return statistics;
  }

  /** The stores of one partition of users, as those see them who ask from outside. */
  public ReadStores userStores(int partition) {
    return access.get(partition)::getKeyValueStore;
  }

  /** Puts state into the empty stores, in the same order. */
  void load(List<StoredState> stored) {
    stored.getFirst().into(product);
    for (int i = 0; i < access.size(); i++) {
      stored.get(i + 1).into(access.get(i));
    }
  }

  /** Puts an event in; what it says to the other stage is not delivered. */
  List<TestRecord<byte[], byte[]>> publishOnly(ProductEvent event) {
    var bytes = new ByteArrayDeserializer();
    var raw = product.createOutputTopic("updates", bytes, bytes);
    publishBytes(event);
    return raw.readRecordsToList();
  }

  /** Delivers what another worker said. */
  List<AccessCommand> deliver(byte[] key, byte[] value) {
    var commands = new ArrayList<AccessCommand>();
    var text = new StringDeserializer().deserialize("updates", key);
    var update = new TestRecord<>(text, UPDATES.deserializer().deserialize("updates", value), now);
    for (int partition : partitionsOf(update)) {
      commands.addAll(deliver(partition, update));
    }
    return commands;
  }

  /** How many user partitions there are. */
  public int partitions() {
    return userPartitions.count();
  }

  /** Where a user is. */
  public int partitionOf(String userId) {
    return userPartitions.applyAsInt(userId);
  }

  /** How many sweeps are in progress. */
  public long sweeps() {
    return storeSizes().get("sweeps");
  }

  /** Stops everything and starts it again with the state that it had. */
  public void restart() {
    var old = product;
    startProduct();
    move(old, product);
    for (int i = 0; i < access.size(); i++) {
      var before = access.get(i);
      access.set(i, startAccess());
      move(before, access.get(i));
    }
  }

  private static void move(TopologyTestDriver from, TopologyTestDriver to) {
    for (var name : StoredState.names(from)) {
      var target = to.<Object, Object>getKeyValueStore(name);
      try (var all = from.<Object, Object>getKeyValueStore(name).all()) {
        all.forEachRemaining(entry -> target.put(entry.key, entry.value));
      }
    }
    from.close();
  }

  /** Returns the time. */
  public Instant now() {
    return now;
  }

  private Step settle() {
    var commands = new ArrayList<AccessCommand>();
    int sent = 0;
    for (var update : updates.readRecordsToList()) {
      for (int partition : partitionsOf(update)) {
        sent++;
        commands.addAll(deliver(partition, update));
      }
    }
    return new Step(
        commands,
        productStatus.readValuesToList(),
        requestStatus.readValuesToList(),
        rejected.readRecordsToList().stream()
            .map(r -> new String(r.headers().lastHeader(RejectionHeaders.MESSAGE).value(), UTF_8))
            .toList(),
        outcome,
        sent);
  }

  private Iterable<Integer> partitionsOf(TestRecord<String, AccessUpdate> update) {
    return userPartitions
        .partitions("updates", update.key(), update.value(), userPartitions.count())
        .orElseThrow();
  }

  private List<AccessCommand> deliver(int partition, TestRecord<String, AccessUpdate> update) {
    var driver = access.get(partition);
    driver
        .createInputTopic("updates", new StringSerializer(), UPDATES.serializer())
        .pipeInput(update);
    return output(driver, "commands", Contract.COMMANDS.deserializer()).readValuesToList();
  }

  /** Entries per store, over all partitions: what must not leak. */
  public Map<String, Long> storeSizes() {
    var sizes = new HashMap<String, Long>();
    var drivers = new ArrayList<>(access);
    drivers.add(product);
    for (var driver : drivers) {
      StoredState.names(driver)
          .forEach(
              name -> {
                try (var all = driver.getKeyValueStore(name).all()) {
                  long count = 0;
                  while (all.hasNext()) {
                    all.next();
                    count++;
                  }
                  sizes.merge(name, count, Long::sum);
                }
              });
    }
    return new TreeMap<>(sizes);
  }

  @Override
  public void close() {
    product.close();
    access.forEach(TopologyTestDriver::close);
  }
}
