package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Events;
import dev.sluice.query.shard.Deadline;
import dev.sluice.query.shard.LocalShards;
import dev.sluice.sim.Cluster;
import dev.sluice.sim.Histories;
import dev.sluice.streams.StoreKind;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The overview: the sum of what tasks count, against a walk over all products. */
@Execution(ExecutionMode.CONCURRENT) // each seed has a cluster of its own
class OverviewTest {
  private static final int EVENTS = 150;

  static LongStream seeds() {
    return LongStream.range(0, 20);
  }

  private static Deadline deadline() {
    return new Deadline(Duration.ofMinutes(1), System::nanoTime);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldEqualAWalkOverAllProductsAlsoAfterRestarts(long seed) {
    var random = new Random(seed);
    var histories = new Histories(seed);
    try (var cluster = new Cluster(2, StoreKind.MEMORY, Events.NOON)) {
      for (int i = 0; i < EVENTS; i++) {
        cluster.advance(histories.jump());
        cluster.publish(histories.next(cluster.now()));
        if (random.nextInt(20) == 0) {
          cluster.restart();
          assertThat(ClusterShards.questions(cluster).overview().counting()).isTrue();
          cluster.publish(histories.next(cluster.now()));
        }

        var overview = ClusterShards.questions(cluster).overview();
        var walked = LocalShards.products(cluster.productStores(), deadline(), null).statistics();
        assertThat(overview.counting()).isFalse();
        walked
            .products()
            .forEach((state, n) -> assertThat(overview.products()).containsEntry(state, n));
        walked
            .requests()
            .forEach((state, n) -> assertThat(overview.requests()).containsEntry(state, n));
        assertThat(overview.products().values().stream().mapToLong(n -> n).sum())
            .isEqualTo(walked.products().values().stream().mapToLong(n -> n).sum());
        assertThat(overview.requests().values().stream().mapToLong(n -> n).sum())
            .isEqualTo(walked.requests().values().stream().mapToLong(n -> n).sum());
        assertThat(overview.members()).isEqualTo(walked.members());
      }
    }
  }

  @Test
  void shouldReadNoProduct() {
    try (var cluster = new Cluster(1, StoreKind.MEMORY, Events.NOON)) {
      cluster.publish(Events.published("p1", "s1"));
      cluster.publish(Events.approved("p1", "r1", "ana"));
      var shard =
          LocalShards.products(
              name -> {
                var stores = cluster.productStores().get(name);
                return new UnreadStore<>(stores);
              },
              deadline(),
              cluster.statistics());

      assertThat(shard.statistics().members()).isEqualTo(1);
    }
  }
}
