package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessDelivery;
import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.delivery.Deliveries;
import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.stage.DeliveryReader;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.keys.StoreKeys;
import dev.sluice.query.model.ApiModel.DeliveryView;
import dev.sluice.query.model.Cursor;
import dev.sluice.query.shard.DeliveryShard;
import dev.sluice.query.shard.DeliveryShards;
import dev.sluice.query.shard.LocalDeliveries;
import dev.sluice.query.shard.Scatter;
import dev.sluice.query.shard.ShardCalls;
import dev.sluice.streams.StoreKind;
import dev.sluice.topology.DeliveryDriver;
import dev.sluice.update.SourceRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every question about outstanding commands, over random states of several partitions, against what
 * a reader of access-delivery knows.
 */
class DeliveryQueriesTest {
  private static final int COMMANDS = 150;
  private static final String[] USERS = {"ana", "ana-b", "ben", "b😀"};
  private static final SourceRef[] SOURCES = {
    new SourceRef("orders", "Snowflake"),
    new SourceRef("orders", "Databricks"),
    new SourceRef("o/x y😀", "Snowflake"),
    new SourceRef("Snowflake", "S3"),
  };

  static LongStream seeds() {
    return LongStream.range(0, 12);
  }

  /** Partitions with random commands and results, and what was published of them. */
  private static final class Scene implements AutoCloseable {
    final List<DeliveryDriver> drivers = new ArrayList<>();
    final Map<String, AccessDelivery> published = new TreeMap<>();
    final Random random;

    Scene(long seed) {
      random = new Random(seed);
      var partitions = 1 + random.nextInt(4);
      for (int p = 0; p < partitions; p++) {
        drivers.add(
            new DeliveryDriver(
                "queries-" + seed + "-" + p, seed % 2 == 0 ? StoreKind.MEMORY : StoreKind.ROCKSDB));
      }
      for (int i = 1; i <= COMMANDS; i++) {
        step(i);
      }
      drivers.forEach(DeliveryDriver::lookForOverdue);
      // Some more, which are not overdue.
      for (int i = 1; i <= COMMANDS / 5; i++) {
        step(COMMANDS + i);
      }
      drivers.forEach(DeliveryDriver::commit);
      for (var driver : drivers) {
        for (var record : driver.published()) {
          if (record.value == null) {
            published.remove(record.key);
          } else {
            published.put(record.key, record.value);
          }
        }
      }
    }

    int partition(String key) {
      return EventPartitioner.MURMUR2.partition(
          key.getBytes(StandardCharsets.UTF_8), drivers.size());
    }

    private void step(int i) {
      var command =
          new Command(
              USERS[random.nextInt(USERS.length)],
              SOURCES[random.nextInt(SOURCES.length)],
              CommandAction.values()[random.nextInt(2)],
              new CommandNumber(0, i),
              "p" + random.nextInt(3),
              "ACCESS_APPROVED",
              now().minusSeconds(random.nextInt(1_200)).toEpochMilli());
      var driver = drivers.get(partition(command.key()));
      driver.put(command);
      var atMs = now().toEpochMilli();
      switch (random.nextInt(8)) {
        case 0 -> driver.put(Deliveries.applied(command, atMs));
        case 1 -> driver.put(Deliveries.held(command, atMs));
        case 2 -> driver.put(Deliveries.failed(command, ErrorClass.RETRYING, "later", atMs));
        case 3 -> driver.put(Deliveries.failed(command, ErrorClass.PERMANENT, "no role", atMs));
        default -> {
          // No result.
        }
      }
      if (random.nextInt(10) == 0) {
        drivers.forEach(each -> each.pass(Duration.ofSeconds(20)));
      }
    }

    Instant now() {
      return drivers.getFirst().now();
    }

    /** Every second partition as if it were in another process. */
    DeliveryQueries queries(int workMax, boolean areCopies) {
      var shards =
          new DeliveryShards() {
            @Override
            public int deliveryPartitions() {
              return drivers.size();
            }

            @Override
            public int deliveryPartition(String commandKey) {
              return partition(commandKey);
            }

            @Override
            public DeliveryShard deliveries(int partition) {
              var driver = drivers.get(partition);
              var here =
                  new LocalDeliveries(
                      new DeliveryReader(
                          name -> driver.stores().getKeyValueStore(name), workMax, () -> false),
                      areCopies ? null : driver.statistics());
              return partition % 2 == 0
                  ? here
                  : ShardCalls.deliveries(
                      (call, arguments) -> ShardCalls.answer(here, partition, call, arguments));
            }
          };
      return new DeliveryQueries(shards, Scatter.IN_TURN, now().toEpochMilli());
    }

    @Override
    public void close() {
      drivers.forEach(DeliveryDriver::close);
    }
  }

  private static String key(DeliveryView view) {
    return view.userId() + '|' + view.sourceType() + '|' + view.sourceId();
  }

  private static List<DeliveryView> all(
      DeliveryQueries queries, DeliveryFilter filter, int limit, int pagesMax) {
    var all = new ArrayList<DeliveryView>();
    var after = "";
    for (int pages = 1; ; pages++) {
      assertThat(pages).isLessThanOrEqualTo(pagesMax);
      var page = queries.deliveries(filter, after, limit);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      all.addAll(page.items());
      if (page.next() == null) {
        return all;
      }
      after = Cursor.id(page.next());
    }
  }

  private static Predicate<AccessDelivery> naive(DeliveryFilter filter) {
    return d ->
        (filter.userId().isEmpty() || d.getUserId().equals(filter.userId()))
            && (filter.sourceType().isEmpty() || d.getSourceType().equals(filter.sourceType()))
            && (filter.sourceId().isEmpty() || d.getSourceId().equals(filter.sourceId()))
            && (filter.actions().isEmpty()
                || filter.actions().stream().anyMatch(a -> a.name().equals(d.getAction().name())))
            && (filter.states().isEmpty()
                || filter.states().stream().anyMatch(s -> s.name().equals(d.getState().name())))
            && (!filter.overdue() || d.getOverdueSince() != null);
  }

  private static DeliveryFilter filter(Random random) {
    var source = SOURCES[random.nextInt(SOURCES.length)];
    return new DeliveryFilter(
        random.nextBoolean() ? "" : USERS[random.nextInt(USERS.length)],
        random.nextBoolean() ? "" : source.sourceType(),
        random.nextBoolean() ? "" : source.sourceId(),
        some(random, CommandAction.class),
        some(random, DeliveryState.class),
        random.nextBoolean());
  }

  private static <E extends Enum<E>> Set<E> some(Random random, Class<E> type) {
    var some = EnumSet.noneOf(type);
    if (random.nextBoolean()) {
      for (var each : type.getEnumConstants()) {
        if (random.nextInt(3) == 0) {
          some.add(each);
        }
      }
    }
    return some;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldListWhatIsPublishedForEveryFilterAndPageSize(long seed) {
    try (var scene = new Scene(seed)) {
      assertThat(scene.published).isNotEmpty();
      for (int i = 0; i < 60; i++) {
        var filter = i == 0 ? DeliveryFilter.ALL : filter(scene.random);
        var queries = scene.queries(1 + scene.random.nextInt(20), false);
        var listed = all(queries, filter, 1 + scene.random.nextInt(12), 2_000);

        assertThat(listed.stream().map(DeliveryQueriesTest::key))
            .as("%s", filter)
            .containsExactlyInAnyOrderElementsOf(
                scene.published.entrySet().stream()
                    .filter(entry -> naive(filter).test(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .toList());
        assertThat(listed).isSortedAccordingTo(order(filter));
        listed.forEach(
            view -> compare(view, Objects.requireNonNull(scene.published.get(key(view)))));
      }
    }
  }

  private static Comparator<DeliveryView> order(DeliveryFilter filter) {
    Comparator<DeliveryView> byKey =
        Comparator.comparing(DeliveryQueriesTest::key, StoreKeys.ORDER);
    return filter.overdue() && filter.userId().isEmpty()
        ? Comparator.comparing(DeliveryView::action)
            .thenComparing(DeliveryView::sourceType, StoreKeys.ORDER)
            .thenComparing(DeliveryView::commandedAt)
            .thenComparing(byKey)
        : byKey;
  }

  private static void compare(DeliveryView view, AccessDelivery published) {
    assertThat(view.action().name()).isEqualTo(published.getAction().name());
    assertThat(view.revision()).isEqualTo(published.getRevision());
    assertThat(view.productId()).isEqualTo(published.getProductId());
    assertThat(view.commandedAt()).isEqualTo(published.getCommandedAt());
    assertThat(view.state().name()).isEqualTo(published.getState().name());
    assertThat(view.since()).isEqualTo(published.getSince());
    assertThat(view.overdueSince()).isEqualTo(published.getOverdueSince());
    assertThat(name(view.errorClass())).isEqualTo(name(published.getErrorClass()));
    assertThat(view.message()).isEqualTo(published.getMessage());
    assertThat(view.attempts()).isEqualTo(published.getAttempts());
    assertThat(view.executor()).isEqualTo(published.getExecutor());
    assertThat(view.says())
        .startsWith(view.action() == CommandAction.GRANT ? "granted by" : "revoked by")
        .contains("not yet confirmed by " + view.sourceType());
    assertThat(view.says().contains("overdue")).isEqualTo(view.overdueSince() != null);
    if (view.message() != null) {
      assertThat(view.says()).endsWith(": \"" + view.message() + '"');
    }
  }

  private static @Nullable String name(@Nullable Enum<?> value) {
    return value == null ? null : value.name();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldCountWhatIsPublished(long seed) {
    try (var scene = new Scene(seed)) {
      var expected =
          scene.published.values().stream()
              .collect(
                  Collectors.groupingBy(
                      d -> "%s %s %s".formatted(d.getAction(), d.getSourceType(), d.getState()),
                      TreeMap::new,
                      Collectors.counting()));
      for (var areCopies : List.of(false, true)) {
        var summary = scene.queries(DeliveryReader.WORK_MAX, areCopies).summary();
        var counted = new TreeMap<String, Long>();
        for (var count : summary.counts()) {
          var ofGroup =
              scene.published.values().stream()
                  .filter(
                      d ->
                          d.getAction().name().equals(count.action().name())
                              && d.getSourceType().equals(count.sourceType()))
                  .toList();
          assertThat(count.outstanding()).isEqualTo(ofGroup.size());
          assertThat(count.overdue())
              .isEqualTo(ofGroup.stream().filter(d -> d.getOverdueSince() != null).count());
          count
              .states()
              .forEach(
                  (state, number) -> {
                    if (number > 0) {
                      counted.put(
                          "%s %s %s".formatted(count.action(), count.sourceType(), state), number);
                    }
                  });
        }

        assertThat(counted).isEqualTo(expected);
        assertThat(summary.counting()).isFalse();
        assertThat(summary.outstanding()).isEqualTo(scene.published.size());
        assertThat(summary.overdue())
            .isEqualTo(
                scene.published.values().stream().filter(d -> d.getOverdueSince() != null).count())
            .isPositive();
        assertThat(summary.counts())
            .isSortedAccordingTo(
                Comparator.comparing(count -> count.action() == CommandAction.REVOKE ? 0 : 1));
        if (areCopies) { // a task looks for the oldest once a second only
          assertThat(summary.oldest())
              .isEqualTo(
                  scene.published.values().stream()
                      .map(AccessDelivery::getCommandedAt)
                      .min(Comparator.naturalOrder())
                      .orElseThrow());
        }
      }
    }
  }
}
