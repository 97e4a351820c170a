package dev.sluice.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessDelivery;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.DeliveryOutcome;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CountedResult;
import dev.sluice.delivery.Deadlines;
import dev.sluice.delivery.DeliveryDecider;
import dev.sluice.delivery.Result;
import dev.sluice.delivery.stage.DeliveryObserver;
import dev.sluice.delivery.stage.DeliveryStatistics;
import dev.sluice.event.codec.UnknownSchemaWait;
import dev.sluice.sim.StoredState;
import dev.sluice.streams.CommitHook;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.OutageRetry;
import dev.sluice.streams.StoreKind;
import dev.sluice.testing.StageDriver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The delivery topology with one partition, in the registry's wire format, without a broker. */
public final class DeliveryDriver implements AutoCloseable {

  /** The time at the start. */
  public static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");

  public static final Topics TOPICS = new Topics("test-");
  public static final Deadlines DEADLINES = new Deadlines(900_000, 300_000);
  public static final long HOLD_MS = 600_000;

  /** Longer than a new task waits before it looks for overdue commands. */
  public static final Duration CAUGHT_UP = Duration.ofSeconds(31);

  /** The task's own, after which there is something to commit. */
  private static final Duration TICK = Duration.ofMillis(100);

  private static final OutageRetry NO_PATIENCE = (tries, trouble) -> false;

  private final SluiceConfig config;
  private final StoreKind storeKind;
  private final Supplier<Deserializer<?>> deserializer;
  private final OutageRetry outageRetry;
  private final int partitions;
  private final long holdMs;
  private final Serializer<Object> serializer;
  private final Observed observed = new Observed();
  private TopologyTestDriver driver;
  private Instant now;

  /** What the stage reports. */
  private static final class Observed implements DeliveryObserver {
    private DeliveryObserver also = DeliveryObserver.NONE;

    private final List<String> counted = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<Long> confirmedMs = new ArrayList<>();
    private @Nullable DeliveryStatistics statistics;

    @Override
    public void opened(int partition, DeliveryStatistics ofTask) {
      statistics = ofTask;
      also.opened(partition, ofTask);
    }

    @Override
    public void commanded(CommandAction action) {
      counted.add(action.name());
      also.commanded(action);
    }

    @Override
    public void ignored(IgnoredCommand why) {
      counted.add("ignored " + why);
      also.ignored(why);
    }

    @Override
    public void counted(CountedResult result) {
      counted.add(result.name());
      also.counted(result);
    }

    @Override
    public void confirmed(CommandAction action, long afterMs) {
      confirmedMs.add(afterMs);
      also.confirmed(action, afterMs);
    }

    @Override
    public void faulty(String message, String where) {
      faults.add(message + " (" + where + ")");
    }
  }

  public DeliveryDriver(String registry) {
    this(registry, StoreKind.MEMORY);
  }

  public DeliveryDriver(String registry, StoreKind storeKind) {
    this(config(registry), storeKind, null, NO_PATIENCE, 1, HOLD_MS);
  }

  /** A task that keeps early results for so long. */
  public DeliveryDriver(String registry, StoreKind storeKind, Duration hold) {
    this(config(registry), storeKind, null, NO_PATIENCE, 1, hold.toMillis());
  }

  /** The task of the first of several partitions. */
  DeliveryDriver(String registry, int partitions) {
    this(config(registry), StoreKind.MEMORY, null, NO_PATIENCE, partitions, HOLD_MS);
  }

  /** With deserializers that may fail. */
  DeliveryDriver(String registry, Supplier<Deserializer<?>> deserializer, OutageRetry outageRetry) {
    this(config(registry), StoreKind.MEMORY, deserializer, outageRetry, 1, HOLD_MS);
  }

  private DeliveryDriver(
      SluiceConfig config,
      StoreKind storeKind,
      @Nullable Supplier<Deserializer<?>> deserializer,
      OutageRetry outageRetry,
      int partitions,
      long holdMs) {
    this.config = config;
    this.partitions = partitions;
    this.holdMs = holdMs;
    this.storeKind = storeKind;
    var serdes = new ContractSerdes(config);
    this.deserializer = deserializer == null ? serdes::deserializer : deserializer;
    this.outageRetry = outageRetry;
    serializer = serdes.serializer();
    now = NOW;
    driver = StageDriver.start("delivery-driver", topology(), now);
  }

  static SluiceConfig config(String registry) {
    return SluiceConfig.of(Map.of("schema.registry.url", "mock://" + registry));
  }

  Topology topology() {
    return DeliveryTopology.build(
        new DeliveryTopology.Parts(
            TOPICS,
            () -> partitions,
            new DeliveryDecider(DEADLINES, holdMs),
            deserializer,
            new ContractSerdes(config).serializer(),
            storeKind,
            type -> type,
            observed,
            outageRetry,
            UnknownSchemaWait.rejected(),
            () -> now.toEpochMilli(),
            IdleCommits.NONE));
  }

  /** Reports to another listener too, from now on. */
  public void tell(DeliveryObserver listener) {
    observed.also = listener;
    listener.opened(0, statistics());
  }

  /** The time. */
  public Instant now() {
    return now;
  }

  /** Turns the clock forward; punctuations run once, at the new time. */
  public void pass(Duration time) {
    now = now.plus(time);
    driver.advanceWallClockTime(time);
  }

  /**
   * Commits, and lets the task find everything that is overdue.
   *
   * @return the time at which it looked
   */
  public Instant lookForOverdue() {
    commit();
    pass(CAUGHT_UP);
    pass(Duration.ofMillis(1_100));
    var looked = now;
    commit();
    return looked;
  }

  // Input

  public void put(Command command) {
    put(
        TOPICS.accessCommands(),
        command.key(),
        serializer.serialize(TOPICS.accessCommands(), avro(command)),
        Instant.ofEpochMilli(command.commandedAtMs()));
  }

  public void put(Result result) {
    put(TOPICS.accessResults(), result.key(), bytes(avro(result)), now);
  }

  void put(String topic, @Nullable String key, byte @Nullable [] value, Instant timestamp) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(
            new TestRecord<>(
                key == null ? null : key.getBytes(UTF_8), value, new RecordHeaders(), timestamp));
  }

  byte[] bytes(AccessResult result) {
    return serializer.serialize(TOPICS.accessResults(), result);
  }

  static AccessCommand avro(Command c) {
    return AccessCommand.newBuilder()
        .setAction(dev.sluice.avro.AccessAction.valueOf(c.action().name()))
        .setUserId(c.userId())
        .setSourceId(c.source().sourceId())
        .setSourceType(c.source().sourceType())
        .setProductId(c.productId())
        .setReason(CommandReason.valueOf(c.reason()))
        .setCauseEventId("e1")
        .setEpoch(c.number().epoch())
        .setRevision(c.number().revision())
        .setOccurredAt(Instant.ofEpochMilli(c.commandedAtMs()))
        .build();
  }

  static AccessResult avro(Result r) {
    var of = r.details().errorClass();
    return AccessResult.newBuilder()
        .setUserId(r.userId())
        .setSourceType(r.source().sourceType())
        .setSourceId(r.source().sourceId())
        .setAction(dev.sluice.avro.AccessAction.valueOf(r.action().name()))
        .setEpoch(r.number().epoch())
        .setRevision(r.number().revision())
        .setOutcome(DeliveryOutcome.valueOf(r.outcome().name()))
        .setErrorClass(of == null ? null : dev.sluice.avro.ErrorClass.valueOf(of.name()))
        .setCode(r.details().code())
        .setMessage(r.details().message())
        .setAttempts(r.details().attempts())
        .setAt(Instant.ofEpochMilli(r.atMs()))
        .setExecutor(r.details().executor())
        .build();
  }

  // Commits

  private CommitHook hook() {
    return (CommitHook) Objects.requireNonNull(driver.getAllStateStores().get("delivery-commit"));
  }

  /** Puts off the work of commits, so that several records belong to one. */
  public void hold() {
    hook().hold(true);
  }

  /** Commits after a tick, and goes on with one commit for each record. */
  public void commit() {
    hook().hold(false);
    pass(TICK);
  }

  /** Returns all that is stored. */
  public StoredState state() {
    return StoredState.of(driver);
  }

  /** Ends without a commit, and starts anew with what was stored. */
  public void restart(StoredState stored) {
    hold();
    driver.close();
    driver = StageDriver.start("delivery-driver", topology(), now);
    stored.into(driver);
  }

  // Output

  /** Returns what was published since the last look; null for a tombstone. */
  public List<KeyValue<String, @Nullable AccessDelivery>> published() {
    var deserialized = new ContractSerdes(config).deserializer();
    var published = new ArrayList<KeyValue<String, @Nullable AccessDelivery>>();
    driver
        .createOutputTopic(TOPICS.accessDelivery(), new StringDeserializer(), deserialized)
        .readKeyValuesToList()
        .forEach(e -> published.add(KeyValue.pair(e.key, (AccessDelivery) e.value)));
    return published;
  }

  /** Returns what the stage counted since the last look. */
  public List<String> counted() {
    var counted = List.copyOf(observed.counted);
    observed.counted.clear();
    return counted;
  }

  /** Returns the warnings since the last look. */
  List<String> faults() {
    var faults = List.copyOf(observed.faults);
    observed.faults.clear();
    return faults;
  }

  List<Long> confirmedMs() {
    return observed.confirmedMs;
  }

  /** Returns the statistics of the task. */
  public DeliveryStatistics statistics() {
    return Objects.requireNonNull(observed.statistics);
  }

  /** Returns the numbers that are not 0, as {@code REVOKE Snowflake PENDING overdue}. */
  public Map<String, Long> counts() {
    var counts = new TreeMap<String, Long>();
    statistics()
        .visit(
            (kind, count) -> {
              if (count > 0) {
                counts.put(
                    "%s %s %s%s%s"
                        .formatted(
                            kind.action(),
                            kind.sourceType(),
                            kind.state(),
                            kind.errorClass() == null ? "" : " " + kind.errorClass(),
                            kind.overdue() ? " overdue" : ""),
                    count);
              }
            });
    return counts;
  }

  /** Returns the keys in a store. */
  public List<String> keys(String store) {
    var keys = new ArrayList<String>();
    try (var all = driver.<String, Object>getKeyValueStore(store).all()) {
      all.forEachRemaining(entry -> keys.add(entry.key));
    }
    return keys;
  }

  /** Returns the driver's stores for reading. */
  public TopologyTestDriver stores() {
    return driver;
  }

  @Override
  public void close() {
    driver.close();
  }
}
