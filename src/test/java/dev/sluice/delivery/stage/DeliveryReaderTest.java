package dev.sluice.delivery.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.delivery.Deliveries;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.Outstanding;
import dev.sluice.delivery.stage.DeliveryReader.Filter;
import dev.sluice.streams.ReadStores;
import dev.sluice.streams.StoreKind;
import dev.sluice.topology.DeliveryDriver;
import dev.sluice.update.SourceRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of outstanding commands in portions of any size, against a filter over all of them. */
class DeliveryReaderTest {
  private static final String[] TYPES = {"Databricks", "Snowflake", "Trino"};

  private final DeliveryDriver driver = new DeliveryDriver("delivery-reader", StoreKind.ROCKSDB);
  private final List<Command> commands = new ArrayList<>();

  @BeforeEach
  void putCommands() {
    var random = new Random(7);
    for (int i = 0; i < 300; i++) {
      var command =
          new Command(
              "u" + i % 20,
              new SourceRef("s" + i % 15, TYPES[random.nextInt(TYPES.length)]),
              CommandAction.values()[random.nextInt(2)],
              new CommandNumber(0, i),
              "p",
              "SOURCE_ADDED",
              driver.now().toEpochMilli());
      commands.add(command);
      driver.put(command);
      var now = driver.now().toEpochMilli();
      switch (random.nextInt(5)) {
        case 0 -> driver.put(Deliveries.held(command, now));
        case 1 -> driver.put(Deliveries.failed(command, ErrorClass.PERMANENT, "no", now));
        case 2 -> driver.put(Deliveries.applied(command, now));
        default -> {
          // no result
        }
      }
      driver.pass(Duration.ofSeconds(4));
    }
    driver.lookForOverdue();
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private ReadStores stores() {
    return name -> {
      KeyValueStore<String, Object> store = driver.stores().getKeyValueStore(name);
      return store;
    };
  }

  private DeliveryReader reader(int readMax) {
    return new DeliveryReader(stores(), DeliveryDriver.DEADLINES, readMax);
  }

  private List<Outstanding> all() {
    var all = new ArrayList<Outstanding>();
    for (var command : commands) {
      var found = reader(10).find(command.userId(), command.source());
      if (found != null && found.command().equals(command)) {
        all.add(found);
      }
    }
    return all;
  }

  private List<Outstanding> list(Filter filter, int readMax, int max) {
    var listed = new ArrayList<Outstanding>();
    @Nullable String from = null;
    var nowMs = driver.now().toEpochMilli();
    do {
      var part = reader(readMax).list(filter, from, max, nowMs);
      assertThat(part.items()).hasSizeLessThanOrEqualTo(max);
      listed.addAll(part.items());
      from = part.next();
    } while (from != null);
    return listed;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1_000})
  void shouldListWhatMatchesInPortionsOfAnySize(int size) {
    var all = all();
    assertThat(all).hasSizeGreaterThan(100);
    check(size, Filter.ALL, o -> true);
    check(
        size,
        new Filter(CommandAction.REVOKE, null, null, null, null, false),
        o -> o.command().action() == CommandAction.REVOKE);
    check(
        size,
        new Filter(null, DeliveryState.HELD, null, null, null, false),
        o -> o.state() == DeliveryState.HELD);
    check(
        size,
        new Filter(null, null, "Snowflake", null, null, false),
        o -> o.command().source().sourceType().equals("Snowflake"));
    check(
        size,
        new Filter(null, null, "Snowflake", "s3", null, false),
        o -> o.command().source().equals(new SourceRef("s3", "Snowflake")));
    check(
        size,
        new Filter(null, null, null, null, "u1", false),
        o -> o.command().userId().equals("u1"));
    check(
        size,
        new Filter(null, DeliveryState.FAILED, null, null, "u1", false),
        o -> o.command().userId().equals("u1") && o.state() == DeliveryState.FAILED);
    check(size, new Filter(null, null, null, null, null, true), Outstanding::isOverdue);
    check(
        size,
        new Filter(CommandAction.GRANT, null, "Trino", null, null, true),
        o ->
            o.isOverdue()
                && o.command().action() == CommandAction.GRANT
                && o.command().source().sourceType().equals("Trino"));
  }

  private void check(int size, Filter filter, Predicate<Outstanding> matches) {
    var expected = all().stream().filter(matches).toList();
    assertThat(expected).as(filter.toString()).isNotEmpty();
    assertThat(list(filter, size, size))
        .as(filter.toString())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 50})
  void shouldListTheOldestOfAnActionAndTypeFirst(int size) {
    var listed = list(new Filter(CommandAction.GRANT, null, "Trino", null, null, false), size, 3);

    assertThat(listed).extracting(o -> o.command().commandedAtMs()).isSorted();
  }

  @Test
  void shouldFindOnePair() {
    var held =
        all().stream().filter(o -> o.state() == DeliveryState.HELD).findFirst().orElseThrow();
    var command = held.command();

    var found = reader(10).find(command.userId(), command.source());

    assertThat(found).isEqualTo(held);
    assertThat(reader(10).find("nobody", command.source())).isNull();
    assertThat(Objects.requireNonNull(found).last().message()).isEqualTo("too many revokes");
  }

  /** Commands whose deadline is before them are not read one by one. */
  @Test
  void shouldReadNoMoreThanWhatIsOverdue() {
    driver.hold();
    for (int i = 0; i < 3_000; i++) {
      driver.put(
          new Command(
              "v" + i,
              new SourceRef("s", "Trino"),
              CommandAction.GRANT,
              new CommandNumber(0, 1),
              "p",
              "SOURCE_ADDED",
              driver.now().toEpochMilli()));
    }
    driver.commit();

    var part =
        reader(400)
            .list(
                new Filter(null, null, null, null, null, true),
                null,
                1_000,
                driver.now().toEpochMilli());

    assertThat(part.next()).isNull();
    assertThat(part.items()).isNotEmpty();
  }
}
