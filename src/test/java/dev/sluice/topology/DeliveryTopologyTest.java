package dev.sluice.topology;

import static dev.sluice.delivery.Deliveries.applied;
import static dev.sluice.delivery.Deliveries.failed;
import static dev.sluice.delivery.Deliveries.held;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.avro.AccessDelivery;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.DeliveryState;
import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.Deliveries;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.stage.DeliveryStatistics.Group;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.registry.ConfluentAvroSerializer;
import dev.sluice.streams.StoreKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The delivery stage, with records in the form in which they are on the topics. */
class DeliveryTopologyTest {
  private static final String REGISTRY = "delivery-topology";
  private static final String RESULTS = DeliveryDriver.TOPICS.accessResults();
  private static final String COMMANDS = DeliveryDriver.TOPICS.accessCommands();
  private static final String KEY = "ana|Snowflake|orders";

  private final DeliveryDriver driver = new DeliveryDriver(REGISTRY);

  @AfterEach
  void close() {
    driver.close();
  }

  private static long ms(Instant at) {
    return at.toEpochMilli();
  }

  private long nowMs() {
    return ms(driver.now());
  }

  private static AccessDelivery only(DeliveryDriver driver) {
    var published = driver.published();
    assertThat(published).hasSize(1);
    return Objects.requireNonNull(published.getFirst().value);
  }

  private AccessDelivery only() {
    return only(driver);
  }

  @Test
  void shouldPublishAnOutstandingCommandAndATombstoneWhenItIsConfirmed() {
    var command = Deliveries.command(1, nowMs());
    driver.put(command);

    assertThat(only())
        .isEqualTo(
            AccessDelivery.newBuilder()
                .setUserId("ana")
                .setSourceType("Snowflake")
                .setSourceId("orders")
                .setAction(dev.sluice.avro.AccessAction.GRANT)
                .setEpoch(0)
                .setRevision(1)
                .setProductId("p1")
                .setReason(CommandReason.ACCESS_APPROVED)
                .setCommandedAt(driver.now())
                .setState(DeliveryState.PENDING)
                .setSince(driver.now())
                .build());

    driver.pass(Duration.ofSeconds(2));
    driver.put(applied(command, nowMs()));

    var published = driver.published();
    assertThat(published).hasSize(1);
    assertThat(published.getFirst().key).isEqualTo(KEY);
    assertThat(published.getFirst().value).isNull();
    assertThat(driver.counted()).containsExactly("GRANT", "APPLIED");
    assertThat(driver.confirmedMs()).containsExactly(2_000L);
    assertThat(driver.keys("outstanding-commands")).isEmpty();
    assertThat(driver.keys("outstanding-by-time")).isEmpty();
  }

  @Test
  void shouldPublishWhatAResultSays() {
    var command = Deliveries.command(2, nowMs());
    driver.put(command);
    driver.published();
    driver.pass(Duration.ofSeconds(1));

    driver.put(failed(command, ErrorClass.NEEDS_PERSON, "role does not exist", nowMs()));

    var delivery = only();
    assertThat(delivery.getState()).isEqualTo(DeliveryState.FAILED);
    assertThat(delivery.getErrorClass()).isEqualTo(dev.sluice.avro.ErrorClass.NEEDS_PERSON);
    assertThat(delivery.getMessage()).isEqualTo("role does not exist");
    assertThat(delivery.getAttempts()).isEqualTo(1);
    assertThat(delivery.getExecutor()).isEqualTo("x1");
    assertThat(delivery.getSince()).isEqualTo(driver.now());
    assertThat(delivery.getCommandedAt()).isEqualTo(DeliveryDriver.NOW);
    assertThat(driver.counts()).isEqualTo(Map.of("REVOKE Snowflake FAILED NEEDS_PERSON", 1L));
  }

  @Test
  void shouldPublishNothingOfACommandThatIsConfirmedInTheCommitInWhichItCame() {
    var command = Deliveries.command(1, nowMs());
    driver.hold();
    driver.put(command);
    driver.put(failed(command, ErrorClass.RETRYING, "busy", nowMs()));
    driver.put(applied(command, nowMs()));
    driver.commit();

    assertThat(driver.published()).isEmpty();
    assertThat(driver.keys("outstanding-commands")).isEmpty();
    assertThat(driver.counted()).containsExactly("GRANT", "RETRYING", "APPLIED");
  }

  @Test
  void shouldPublishOneRecordForAKeyAndCommit() {
    var grant = Deliveries.command(1, nowMs());
    var revoke = Deliveries.command(2, nowMs());
    driver.hold();
    driver.put(grant);
    driver.put(held(grant, nowMs()));
    driver.put(revoke);
    driver.put(held(revoke, nowMs()));
    driver.commit();

    assertThat(only().getState()).isEqualTo(DeliveryState.HELD);
    assertThat(driver.counts()).isEqualTo(Map.of("REVOKE Snowflake HELD", 1L));

    // Confirmed, and commanded again, in one commit.
    driver.hold();
    driver.put(applied(revoke, nowMs()));
    driver.put(Deliveries.command(3, nowMs()));
    driver.commit();

    assertThat(only().getRevision()).isEqualTo(3);
    assertThat(driver.keys("outstanding-by-time")).hasSize(1);
  }

  @Test
  void shouldPublishNothingWhenNothingChanged() {
    var command = Deliveries.command(1, nowMs());
    driver.put(command);
    driver.put(held(command, nowMs()));
    driver.published();
    driver.counted();

    driver.put(command);
    driver.put(held(command, nowMs()));
    driver.put(applied(Deliveries.command(0, nowMs()), nowMs()));

    assertThat(driver.published()).isEmpty();
    assertThat(driver.counted()).containsExactly("ignored REPEATED", "REPEATED", "SUPERSEDED");
  }

  @Test
  void shouldKeepAResultThatComesBeforeItsCommand() {
    var command = Deliveries.command(2, nowMs());
    driver.put(applied(command, nowMs()));

    assertThat(driver.published()).isEmpty();
    assertThat(driver.counted()).isEmpty();
    assertThat(driver.keys("early-results")).containsExactly(KEY);
    assertThat(driver.keys("early-results-by-time")).hasSize(1);

    driver.pass(Duration.ofMillis(DeliveryDriver.HOLD_MS - 1));
    driver.put(command);

    assertThat(driver.published()).isEmpty();
    assertThat(driver.counted()).containsExactly("REVOKE", "APPLIED");
    assertThat(driver.keys("early-results")).isEmpty();
    assertThat(driver.keys("early-results-by-time")).isEmpty();
  }

  @Test
  void shouldDropAResultWhoseCommandDoesNotCome() {
    var command = Deliveries.command(2, nowMs());
    driver.put(applied(command, nowMs()));
    driver.pass(Duration.ofMillis(DeliveryDriver.HOLD_MS));

    assertThat(driver.counted()).containsExactly("UNMATCHED");
    assertThat(driver.keys("early-results")).isEmpty();
    assertThat(driver.keys("early-results-by-time")).isEmpty();

    driver.put(command);
    assertThat(only().getState()).isEqualTo(DeliveryState.PENDING);
  }

  @Test
  void shouldDropManyResultsInPortions() {
    for (int i = 0; i < 5_000; i++) {
      driver.put(applied(of("u" + i, "Snowflake", 1), nowMs()));
    }
    for (int i = 0; i < 4; i++) {
      driver.pass(Duration.ofMillis(DeliveryDriver.HOLD_MS / 2));
    }

    assertThat(driver.counted()).hasSize(5_000).containsOnly("UNMATCHED");
    assertThat(driver.keys("early-results")).isEmpty();
  }

  private Command of(String user, String type, long revision) {
    return new Command(
        user,
        new dev.sluice.update.SourceRef("orders", type),
        revision % 2 == 1 ? CommandAction.GRANT : CommandAction.REVOKE,
        new dev.sluice.delivery.CommandNumber(0, revision),
        "p1",
        "SOURCE_ADDED",
        nowMs());
  }

  @Test
  void shouldTellWhenADeadlinePasses() {
    driver.lookForOverdue();
    var grant = of("ana", "Snowflake", 1);
    var revoke = of("ben", "Snowflake", 2);
    driver.put(grant);
    driver.put(revoke);
    driver.published();

    driver.pass(Duration.ofMillis(DeliveryDriver.DEADLINES.revokeMs() - 1));
    assertThat(driver.published()).isEmpty();
    driver.pass(Duration.ofMillis(1_100));

    var delivery = only();
    assertThat(delivery.getUserId()).isEqualTo("ben");
    assertThat(ms(Objects.requireNonNull(delivery.getOverdueSince())))
        .isEqualTo(revoke.commandedAtMs() + DeliveryDriver.DEADLINES.revokeMs());
    assertThat(delivery.getState()).isEqualTo(DeliveryState.PENDING);
    assertThat(driver.counts())
        .isEqualTo(Map.of("GRANT Snowflake PENDING", 1L, "REVOKE Snowflake PENDING overdue", 1L));
    assertThat(driver.statistics().oldestMs())
        .containsEntry(new Group(CommandAction.REVOKE, "Snowflake"), revoke.commandedAtMs());

    driver.pass(Duration.ofMillis(DeliveryDriver.DEADLINES.grantMs()));
    assertThat(only().getUserId()).isEqualTo("ana");

    // A result does not take back that it is late; a confirmation does.
    driver.put(held(revoke, nowMs()));
    assertThat(only().getOverdueSince()).isNotNull();
    driver.put(applied(revoke, nowMs()));
    driver.put(applied(grant, nowMs()));
    driver.pass(Duration.ofMillis(1_100));
    assertThat(driver.counts()).isEmpty();
    assertThat(driver.statistics().oldestMs()).isEmpty();
  }

  /** After a stop, results may wait beside the commands that they confirm. */
  @Test
  void shouldNotLookForOverdueCommandsBeforeItHadTimeToReadWhatWaits() {
    driver.put(Deliveries.command(2, nowMs() - Duration.ofHours(1).toMillis()));
    driver.published();

    driver.pass(Duration.ofSeconds(29));
    assertThat(driver.published()).isEmpty();
    driver.pass(Duration.ofSeconds(2));
    assertThat(only().getOverdueSince()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(StoreKind.class)
  void shouldFindOverdueCommandsOfManyTypesInPortions(StoreKind storeKind) {
    try (var many = new DeliveryDriver(REGISTRY, storeKind)) {
      many.hold();
      var types = 3_000;
      for (int i = 0; i < types; i++) {
        many.put(of("ana", "type-" + i, 2));
        many.put(of("ana", "type-" + i, 1)); // ignored: below the other
        many.put(of("ben", "type-" + i, 1));
      }
      many.commit();
      many.pass(DeliveryDriver.CAUGHT_UP);
      many.pass(Duration.ofMillis(DeliveryDriver.DEADLINES.grantMs()));
      for (int i = 0; i < 20; i++) {
        many.pass(Duration.ofMillis(100));
      }

      long overdue =
          many.counts().entrySet().stream()
              .filter(e -> e.getKey().endsWith("overdue"))
              .mapToLong(Map.Entry::getValue)
              .sum();
      assertThat(overdue).isEqualTo(2L * types);
      assertThat(many.statistics().oldestMs()).hasSize(2 * types);
    }
  }

  @Test
  void shouldCountAgainWhatItFindsAtItsStart() {
    driver.commit(); // there is nothing to count yet
    for (int i = 0; i < 12_000; i++) {
      driver.put(of("u" + i, "Snowflake", 1));
    }
    driver.put(failed(of("u7", "Snowflake", 1), ErrorClass.PERMANENT, "no", nowMs()));

    driver.restart(driver.state());

    assertThat(driver.statistics().isCounting()).isTrue();
    driver.pass(Duration.ofMillis(100));
    driver.put(applied(of("u1", "Snowflake", 1), nowMs())); // counted already
    driver.put(applied(of("u9", "Snowflake", 1), nowMs())); // not counted yet
    driver.pass(Duration.ofMillis(100));
    driver.pass(Duration.ofMillis(100));
    assertThat(driver.statistics().isCounting()).isFalse();
    assertThat(driver.counts().get("GRANT Snowflake PENDING")).isEqualTo(11_997L);
    assertThat(driver.counts().get("GRANT Snowflake FAILED PERMANENT")).isEqualTo(1L);
  }

  // Faulty records

  private void putResult(String key, byte[] value) {
    driver.put(RESULTS, key, value, driver.now());
  }

  private byte[] valid() {
    return driver.bytes(DeliveryDriver.avro(applied(Deliveries.command(2, nowMs()), nowMs())));
  }

  /** Checks that a faulty record changes nothing and stops nothing. */
  private void assertNothingChanged(String counted, String words) {
    assertThat(driver.published()).isEmpty();
    assertThat(driver.counted()).containsExactly(counted);
    var faults = driver.faults();
    assertThat(faults).hasSize(1);
    assertThat(faults.getFirst()).contains(words).contains(" partition 0 offset ");
    driver.put(applied(Deliveries.command(2, nowMs()), nowMs()));
    assertThat(driver.published()).hasSize(1);
  }

  private void commanded() {
    driver.put(Deliveries.command(2, nowMs()));
    driver.published();
    driver.counted();
  }

  @Test
  void shouldPassOverBytesThatAreNoResult() {
    commanded();
    putResult(KEY, "{\"outcome\":\"APPLIED\"}".getBytes(UTF_8));
    assertNothingChanged("UNREADABLE", "wire format");
  }

  @Test
  void shouldPassOverAResultThatIsCut() {
    commanded();
    var valid = valid();
    putResult(KEY, Arrays.copyOf(valid, valid.length - 3));
    assertNothingChanged("UNREADABLE", "avro/AccessResult.avsc");
  }

  @Test
  void shouldPassOverAnotherRecord() {
    commanded();
    var command = DeliveryDriver.avro(Deliveries.command(2, nowMs()));
    putResult(
        KEY,
        new ContractSerdes(DeliveryDriver.config(REGISTRY))
            .serializer()
            .serialize(RESULTS + "-other", command));
    assertNothingChanged("UNREADABLE", "the record is a AccessCommand, not a AccessResult");
  }

  @Test
  void shouldPassOverARecordOfASchemaThatTheRegistryDoesNotHave() {
    commanded();
    var unknown = valid();
    unknown[1] = 9;
    putResult(KEY, unknown);
    assertNothingChanged("UNREADABLE", "is not in the registry");
  }

  @Test
  void shouldPassOverAResultWithoutAValue() {
    commanded();
    driver.put(RESULTS, KEY, null, driver.now());
    assertNothingChanged("UNREADABLE", "no value");
  }

  @Test
  void shouldPassOverAResultWithAnotherKey() {
    commanded();
    putResult("ben|Snowflake|orders", valid());
    assertNothingChanged("KEY_MISMATCH", "\"ana|Snowflake|orders\"");
  }

  @Test
  void shouldPassOverAResultWithoutAKey() {
    commanded();
    driver.put(RESULTS, null, valid(), driver.now());
    assertNothingChanged("KEY_MISMATCH", "no key");
  }

  @Test
  void shouldPassOverAResultWithImpossibleIds() {
    commanded();
    var result = DeliveryDriver.avro(applied(Deliveries.command(2, nowMs()), nowMs()));
    var odd = AccessResult.newBuilder(result).setUserId("a|b").setSourceId("").build();
    putResult("a|b|Snowflake|", driver.bytes(odd));
    assertNothingChanged("UNREADABLE", "U+007C");
  }

  @Test
  void shouldPassOverCommandsOfForeignWriters() {
    driver.put(COMMANDS, KEY, "nonsense".getBytes(UTF_8), driver.now());
    driver.put(COMMANDS, KEY, null, driver.now());
    var bytes =
        new ContractSerdes(DeliveryDriver.config(REGISTRY))
            .serializer()
            .serialize(COMMANDS, DeliveryDriver.avro(Deliveries.command(2, nowMs())));
    driver.put(COMMANDS, "ana|orders", bytes, driver.now()); // the form of earlier versions

    assertThat(driver.counted())
        .containsExactly("ignored UNREADABLE", "ignored NO_VALUE", "ignored KEY_MISMATCH");
    assertThat(driver.faults()).hasSize(3);
    assertThat(driver.published()).isEmpty();
  }

  @Test
  void shouldKeepAnOutstandingCommandWhenATombstoneComes() {
    commanded();
    driver.put(COMMANDS, KEY, null, driver.now());
    assertNothingChanged("ignored NO_VALUE", "takes no command back");
  }

  /** A newer contract may have more outcomes and classes. */
  @Test
  void shouldReadAResultOfANewerContract() throws Exception {
    commanded();
    var newer =
        Files.readString(Path.of("avro/AccessResult.avsc"))
            .replace("\"FAILED\", \"HELD\"", "\"FAILED\", \"DEFERRED\", \"HELD\"")
            .replace("\"RETRYING\", \"NEEDS_PERSON\"", "\"RETRYING\", \"LATER\", \"NEEDS_PERSON\"")
            .replace(
                "\"type\": \"AccessAction\"",
                "\"type\": {\"type\": \"enum\", \"name\": \"AccessAction\", \"symbols\":"
                    + " [\"GRANT\", \"REVOKE\"]}");
    var schema = new Schema.Parser().parse(newer);

    putResult(KEY, newer(schema, "DEFERRED", null));
    assertThat(driver.counted()).containsExactly("UNKNOWN_OUTCOME");
    assertThat(driver.published()).isEmpty();

    putResult(KEY, newer(schema, "FAILED", "LATER"));
    assertThat(driver.counted()).containsExactly("FAILED");
    assertThat(only().getErrorClass()).isEqualTo(dev.sluice.avro.ErrorClass.OTHER);
  }

  private byte[] newer(
      Schema schema, String outcome, @org.jspecify.annotations.Nullable String of) {
    GenericRecord record = new GenericData.Record(schema);
    record.put("userId", "ana");
    record.put("sourceType", "Snowflake");
    record.put("sourceId", "orders");
    record.put("action", symbol(schema, "action", "REVOKE"));
    record.put("epoch", 0);
    record.put("revision", 2L);
    record.put("outcome", symbol(schema, "outcome", outcome));
    record.put(
        "errorClass",
        of == null
            ? null
            : new GenericData.EnumSymbol(
                schema.getField("errorClass").schema().getTypes().get(1), of));
    record.put("attempts", 1);
    record.put("at", nowMs());
    try (var serializer = new ConfluentAvroSerializer()) {
      serializer.configure(DeliveryDriver.config(REGISTRY).serdeConfig(), false);
      return Objects.requireNonNull(serializer.serialize("newer-results", record));
    }
  }

  private static GenericData.EnumSymbol symbol(Schema schema, String field, String name) {
    return new GenericData.EnumSymbol(schema.getField(field).schema(), name);
  }

  @Test
  void shouldNormalizeWhatAResultSays() {
    commanded();
    var result =
        DeliveryDriver.avro(
            failed(Deliveries.command(2, nowMs()), ErrorClass.RETRYING, "busy", nowMs()));
    var odd =
        AccessResult.newBuilder(result)
            .setAttempts(Integer.MIN_VALUE)
            .setMessage("😀".repeat(3_000))
            .setCode("c".repeat(500))
            .setExecutor("e".repeat(500))
            .setAt(Instant.ofEpochMilli(-5))
            .build();

    putResult(KEY, driver.bytes(odd));

    var delivery = only();
    assertThat(delivery.getAttempts()).isEqualTo(1);
    assertThat(delivery.getMessage()).isEqualTo("😀".repeat(499) + "…");
    assertThat(delivery.getCode()).hasSize(100);
    assertThat(delivery.getExecutor()).hasSize(200);
    assertThat(delivery.getSince()).isEqualTo(driver.now());
  }

  @Test
  void shouldUseTheTimeOfReadingForAResultFromTheFuture() {
    commanded();
    driver.pass(Duration.ofSeconds(3));

    // As if microseconds were taken for milliseconds.
    driver.put(applied(Deliveries.command(2, nowMs() - 3_000), nowMs() * 1_000));

    assertThat(driver.counted()).containsExactly("FUTURE", "APPLIED");
    assertThat(driver.confirmedMs()).containsExactly(3_000L);
  }

  @Test
  void shouldFindTheWrongPartition() {
    // The driver's task is that of the first partition.
    try (var first = new DeliveryDriver(REGISTRY, 3)) {
      var placed = new ArrayList<String>();
      for (int i = 0; i < 30; i++) {
        var command = of("u" + i, "Snowflake", 1);
        var belongs = EventPartitioner.MURMUR2.partition(command.key().getBytes(UTF_8), 3) == 0;
        first.put(command);
        first.put(applied(command, nowMs()));
        assertThat(first.counted())
            .isEqualTo(
                belongs
                    ? List.of("GRANT", "APPLIED")
                    : List.of("ignored WRONG_PARTITION", "WRONG_PARTITION"));
        if (belongs) {
          placed.add(command.key());
        }
      }
      assertThat(placed).isNotEmpty().hasSizeLessThan(30);
      assertThat(first.faults().getLast()).contains("murmur2_random");
    }
  }

  @Test
  void shouldWaitUntilTheRegistryAnswers() {
    var tries = new ArrayList<Integer>();
    try (var waiting =
        new DeliveryDriver(REGISTRY, () -> failing(2), (tried, trouble) -> tries.add(tried))) {
      waiting.put(Deliveries.command(1, ms(waiting.now())));

      assertThat(tries).isEqualTo(List.of(1, 2));
      assertThat(only(waiting).getRevision()).isEqualTo(1);
    }
    try (var impatient =
        new DeliveryDriver(REGISTRY, () -> failing(2), (tried, trouble) -> false)) {
      assertThatThrownBy(() -> impatient.put(Deliveries.command(1, 5)))
          .hasRootCauseInstanceOf(TimeoutException.class);
      assertThat(impatient.counted()).isEmpty();
    }
  }

  /** Fails a number of times, and then reads. */
  private static Deserializer<Object> failing(int times) {
    var left = new AtomicInteger(times);
    var real = new ContractSerdes(DeliveryDriver.config(REGISTRY)).deserializer();
    return (topic, bytes) -> {
      if (left.getAndDecrement() > 0) {
        throw new SerializationException("no schema", new TimeoutException("slow"));
      }
      return real.deserialize(topic, bytes);
    };
  }
}
