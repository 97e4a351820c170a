package dev.sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.Slicing;
import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.sim.Model.Access;
import dev.sluice.topology.StateStores;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories in which a slice of a sweep is one member, so that the next event, the expiry of
 * a request or a restart comes in between any two. {@code -Dsluice.seed} and {@code -Dsluice.seeds}
 * as for {@link HistoriesTest}.
 */
class SweepHistoriesTest {
  private static final int EVENTS = 250;
  private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");

  static LongStream seeds() {
    var one = Long.getLong("sluice.seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.range(0, Long.getLong("sluice.seeds", 120));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldKeepInvariantsBetweenAnyTwoMembers(long seed) {
    new Run(seed, StateStores.MEMORY).all();
  }

  @Test
  void shouldKeepInvariantsOnDisk() {
    Assumptions.assumeTrue(Long.getLong("sluice.seed") == null);
    new Run(1_000_003, StateStores.ROCKSDB).all();
  }

  /** One history. */
  private static final class Run {
    private final long seed;
    private final StateStores stores;
    private final Random random;
    private final Histories histories;
    private final Model model = new Model();
    private final Map<Access, AccessCommand> log = new HashMap<>();
    private final Set<String> taking = new HashSet<>();
    private String at = "";

    Run(long seed, StateStores stores) {
      this.seed = seed;
      this.stores = stores;
      random = new Random(~seed);
      histories = new Histories(seed);
    }

    void all() {
      var partitions = 1 + (int) (seed % 3);
      // How lively the events are against the sweeps differs from one history to the next.
      var ticksMax = 1 + random.nextInt(4);
      try (var cluster = new Cluster(partitions, stores, Slicing.byMember(), START)) {
        for (int i = 0; i < EVENTS; i++) {
          at = "seed " + seed + ", step " + i + ": ";
          if (histories.restarts()) {
            cluster.restart();
          }
          pass(cluster);
          publish(cluster);
          for (int ticks = random.nextInt(ticksMax + 1); ticks > 0; ticks--) {
            check(cluster.tick(random.nextInt(partitions)));
            if (random.nextInt(10) == 0) {
              cluster.restart();
            }
          }
          if (i % 50 == 49) {
            settle(cluster);
          }
        }
        settle(cluster);
        sizes(cluster);
      }
    }

    private void pass(Cluster cluster) {
      var jump = histories.jump();
      if (!jump.isZero()) {
        model.tick(cluster.now().plus(jump));
        check(cluster.advance(jump).commands());
      }
    }

    private void publish(Cluster cluster) {
      var event = histories.next(cluster.now());
      at += event;
      var before = model.entitlements();
      var outcome = model.apply(event.productId(), event, cluster.now());
      // Also where another product gives the user the source still: it may cease to before a sweep
      // comes by.
      if (!model.entitlements().containsAll(before)) {
        taking.add(event.eventId());
      }
      var step = cluster.publish(event);
      assertThat(step.outcome()).as(at).isEqualTo(outcome);
      check(step.commands());
    }

    /** Every command brings a user to what holds now, and not to what an older revision says. */
    private void check(List<AccessCommand> commands) {
      var now = model.access();
      for (var command : commands) {
        var pair = new Access(command.getUserId(), command.getSourceId());
        var last = log.put(pair, command);
        var action = command.getAction();
        assertThat(action)
            .as("I2 alternation: " + at + command)
            .isNotEqualTo(last == null ? AccessAction.REVOKE : last.getAction());
        assertThat(command.getRevision())
            .as("I7 order: " + at)
            .isGreaterThan(last == null ? 0 : last.getRevision());
        assertThat(action == AccessAction.GRANT)
            .as("I3, nobody is granted what has since been taken: " + at + command)
            .isEqualTo(now.contains(pair));
        if (action == AccessAction.REVOKE) {
          assertThat(
                  taking.contains(command.getCauseEventId())
                      || command.getCauseEventId().startsWith("expiry:"))
              .as("I4 adding is safe: " + at + command)
              .isTrue();
        }
      }
      for (var user : touched(commands)) {
        assertThat(granted(user)).as("settled on touch: " + at).isEqualTo(access(now, user));
      }
    }

    /** The users whose own membership changed. */
    private static Set<String> touched(List<AccessCommand> commands) {
      return commands.stream()
          .filter(
              c ->
                  Set.of("ACCESS_APPROVED", "ACCESS_REVOKED", "ACCESS_EXPIRED")
                      .contains(c.getReason().name()))
          .map(AccessCommand::getUserId)
          .collect(Collectors.toSet());
    }

    private void settle(Cluster cluster) {
      for (int ticks = 0; cluster.sweeps() > 0; ticks++) {
        assertThat(ticks).as("sweeps end: " + at).isLessThan(2_000);
        for (int p = 0; p < cluster.partitions(); p++) {
          check(cluster.tick(p));
        }
      }
      assertThat(granted(null)).as("I1 convergence: " + at).isEqualTo(model.access());
    }

    private void sizes(Cluster cluster) {
      long copies = 0;
      long given = 0;
      for (var product : model.products.entrySet()) {
        var state = product.getValue().state;
        var partitions =
            product.getValue().requests.values().stream()
                .map(r -> r.userId)
                .filter(user -> !state.equals("DELETED") && model.isMember(user, product.getKey()))
                .map(cluster::partitionOf)
                .distinct()
                .count();
        copies += partitions;
        given += state.equals("ACTIVE") ? partitions * product.getValue().sources.size() : 0;
      }
      assertThat(cluster.storeSizes())
          .as("what is stored, seed " + seed)
          .containsEntry("memberships", model.memberships())
          .containsEntry("members", model.memberships())
          .containsEntry("product-copies", copies)
          .containsEntry("given-sources", given)
          .containsEntry("product-revisions", 0L)
          .containsEntry("sweeps", 0L);
    }

    /** What the log says is granted, to one user or to all. */
    private Set<Access> granted(String userId) {
      return log.entrySet().stream()
          .filter(e -> e.getValue().getAction() == AccessAction.GRANT)
          .map(Map.Entry::getKey)
          .filter(pair -> userId == null || pair.userId().equals(userId))
          .collect(Collectors.toSet());
    }

    private static Set<Access> access(Set<Access> all, String userId) {
      return all.stream().filter(a -> a.userId().equals(userId)).collect(Collectors.toSet());
    }
  }
}
