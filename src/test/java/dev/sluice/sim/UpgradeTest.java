package dev.sluice.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.sim.Model.Access;
import dev.sluice.streams.StoreKind;
import dev.sluice.streams.SweepScheduling;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * State and updates of every version that ever was, as bytes, given to this one: it goes on as if
 * it had made them, held against the naive {@link Model} that knows the same events.
 */
class UpgradeTest {
  private static final int EVENTS = 150;
  private static final int SEEDS = 12;

  /** Up to this fixture no version kept which sequences were accepted. */
  private static final int LAST_WITHOUT_WINDOW = 1;

  /** Up to this fixture no version kept the events of accepted sequences. */
  private static final int LAST_WITHOUT_EVENTS = 2;

  static IntStream versions() {
    return IntStream.iterate(1, v -> Files.exists(UpgradeFixture.file(v)), v -> v + 1);
  }

  static Stream<Arguments> versionsAndSeeds() {
    return versions()
        .boxed()
        .flatMap(v -> IntStream.range(0, SEEDS).mapToObj(seed -> Arguments.of(v, seed)));
  }

  @Test
  void shouldFindTheFirstVersion() {
    assertThat(versions().toArray()).contains(1);
  }

  @ParameterizedTest(name = "version {0}")
  @MethodSource("versions")
  void shouldHoldEntriesOfEveryStoreOfThatVersion(int version) {
    var fixture = UpgradeFixture.read(version);

    assertThat(fixture.updates()).isNotEmpty();
    for (var part : fixture.stored()) {
      part.stores().forEach((name, entries) -> assertThat(entries).as(name).isNotEmpty());
    }
  }

  @ParameterizedTest(name = "version {0}")
  @MethodSource("versions")
  void shouldEndSweepsDeletionsAndAccessThatAnotherVersionLeft(int version) {
    try (var upgrade = new Upgrade(version)) {
      upgrade.deliver();
      upgrade.settle();
      upgrade.pass(Duration.ofHours(2));
      assertThat(upgrade.expired).containsExactly("p4/r30");
      upgrade.pass(Duration.ofDays(2));
      assertThat(upgrade.notices).contains("r32 EXPIRES_VERY_SOON");
      upgrade.pass(Duration.ofDays(10));
      assertThat(upgrade.expired).containsExactlyInAnyOrder("p4/r30", "p4/r31", "p4/r32");
      upgrade.settle();
      upgrade.ends();
    }
  }

  @ParameterizedTest(name = "version {0}")
  @MethodSource("versions")
  void shouldBringGivenSourcesIntoTodaysForm(int version) {
    try (var upgrade = new Upgrade(version)) {
      upgrade.pass(Duration.ofMinutes(1));

      for (var part : upgrade.fixture.stored().subList(1, upgrade.fixture.stored().size())) {
        assertThat(part.stores().get("given-sources")).isNotEmpty();
      }
      var now = upgrade.givenSources();
      assertThat(now).isNotEmpty().allMatch(key -> key.matches("[^|]+\\|[^|]+\\|[^|]+"));
      assertThat(now).anyMatch(key -> key.matches("d1\\|Databricks\\|p1"));
    }
  }

  @ParameterizedTest(name = "version {0}, seed {1}")
  @MethodSource("versionsAndSeeds")
  void shouldGoOnAsTheModelSaysWhateverComesNext(int version, int seed) {
    var random = new Random(seed);
    var histories = new Histories(seed);
    try (var upgrade = new Upgrade(version)) {
      upgrade.deliver();
      for (int i = 0; i < EVENTS; i++) {
        upgrade.pass(histories.jump());
        upgrade.publish(histories);
        upgrade.tick(random.nextInt(3));
        if (i % 50 == 49) {
          upgrade.settle();
        }
      }
      upgrade.ends();
    }
  }

  /** This version with what another left. */
  private static final class Upgrade implements AutoCloseable {
    private final UpgradeFixture fixture;
    private final Cluster cluster;
    private final Model model = new Model();
    private final Map<Access, Boolean> granted = new HashMap<>();
    private final Map<Access, Long> revisions = new HashMap<>();
    final List<String> expired = new ArrayList<>();
    final List<String> notices = new ArrayList<>();

    Upgrade(int version) {
      fixture = UpgradeFixture.read(version);
      cluster =
          new Cluster(
              fixture.stored().size() - 1,
              StoreKind.MEMORY,
              SweepScheduling.byMember(),
              fixture.time());
      cluster.load(fixture.stored());
      for (var event : fixture.events()) {
        assertThat(model.apply(event.productId(), asked(event), fixture.time()))
            .isEqualTo("applied");
      }
      if (version <= LAST_WITHOUT_WINDOW) {
        model.products.values().forEach(Upgrade::tookAllForDuplicates);
      }
      if (version <= LAST_WITHOUT_EVENTS) {
        model
            .products
            .values()
            .forEach(product -> product.accepted.replaceAll((n, event) -> Model.ANY_EVENT));
      }
      for (var access : fixture.granted()) {
        var pair = new Access(access.userId(), access.sourceId(), type(access));
        granted.put(pair, true);
        revisions.put(pair, access.revision());
      }
    }

    /** The first version wrote none: then it is the one that the products of that time have. */
    private String type(UpgradeFixture.Granted access) {
      return access.sourceType() != null
          ? access.sourceType()
          : access.sourceId().startsWith("d") ? "Databricks" : "Snowflake";
    }

    /** An older version asked for it only where nobody had to approve. */
    private static ProductEvent asked(ProductEvent e) {
      return e.payload() instanceof Payload.AccessRequested p
          ? new ProductEvent(
              e.eventId(),
              e.productId(),
              e.sequence(),
              e.occurredAt(),
              e.actor(),
              new Payload.AccessRequested(p.requestId(), p.userId(), true, p.answers()))
          : e;
    }

    private static void tookAllForDuplicates(Model.ModelProduct product) {
      if (product.sequence != null) {
        LongStream.rangeClosed(product.sequence - 63, product.sequence)
            .forEach(number -> product.accepted.put(number, Model.ANY_EVENT));
      }
    }

    void deliver() {
      fixture.updates().forEach(u -> take(cluster.deliver(u.keyBytes(), u.valueBytes())));
    }

    void publish(Histories histories) {
      var event = histories.next(cluster.now());
      var expected = model.apply(event.productId(), event, cluster.now());
      var step = cluster.publish(event);
      assertThat(step.outcome()).as(event + " " + step.rejections()).isEqualTo(expected);
      take(step.commands());
    }

    void pass(Duration time) {
      if (time.isZero()) {
        return;
      }
      model.tick(cluster.now().plus(time));
      var step = cluster.advance(time);
      for (var status : step.requestStatuses()) {
        if (status.getNotice() != null) {
          notices.add(status.getRequestId() + " " + status.getNotice());
        } else if (status.getState().name().equals("EXPIRED")) {
          expired.add(status.getProductId() + "/" + status.getRequestId());
        }
      }
      take(step.commands());
    }

    void tick(int times) {
      for (int i = 0; i < times; i++) {
        for (int p = 0; p < cluster.partitions(); p++) {
          take(cluster.tick(p));
        }
      }
    }

    void settle() {
      for (int ticks = 0; cluster.sweeps() > 0; ticks++) {
        assertThat(ticks).as("sweeps end").isLessThan(1_000);
        tick(1);
      }
      assertThat(access()).as("I1").isEqualTo(model.access());
    }

    void ends() {
      settle();
      assertThat(cluster.storeSizes())
          .containsEntry("deletions", 0L)
          .containsEntry("sweeps", 0L)
          .containsEntry("product-revisions", 0L)
          .containsEntry("memberships", model.memberships())
          .containsEntry("members", model.memberships())
          .containsEntry("requests", model.requests(null));
    }

    List<String> givenSources() {
      return cluster.stored().stream()
          .skip(1)
          .flatMap(part -> part.stores().get("given-sources").stream())
          .map(entry -> new String(entry.keyBytes(), UTF_8))
          .toList();
    }

    private void take(List<AccessCommand> commands) {
      for (var command : commands) {
        var pair = Access.of(command);
        var grants = command.getAction() == AccessAction.GRANT;
        assertThat(granted.put(pair, grants)).as("I2: " + command).isNotEqualTo((Boolean) grants);
        var before = revisions.put(pair, command.getRevision());
        assertThat(command.getRevision())
            .as("I7: " + command)
            .isGreaterThan(before == null ? 0 : before);
      }
    }

    private Set<Access> access() {
      return granted.entrySet().stream()
          .filter(Map.Entry::getValue)
          .map(Map.Entry::getKey)
          .collect(Collectors.toSet());
    }

    @Override
    public void close() {
      cluster.close();
    }
  }
}
