package dev.sluice.query.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.event.Events;
import dev.sluice.sim.Cluster;
import dev.sluice.streams.StoreKind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  @Test
  void shouldEndAScanAtItsDeadline() {
    try (var cluster = new Cluster(1, StoreKind.MEMORY, Events.NOON)) {
      for (int i = 0; i < 20; i++) {
        cluster.publish(Events.published("p" + i, "s1"));
      }
      var nanos = new AtomicLong();
      // Each look at the clock takes a millisecond.
      var deadline = new Deadline(Duration.ofMillis(10), () -> nanos.addAndGet(1_000_000));
      var part = LocalShards.products(cluster.productStores(), deadline, null);

      assertThat(part.lines("", 3, 100_000).items()).hasSize(3);
      assertThatThrownBy(() -> part.lines("", 100, 100_000))
          .isInstanceOf(Deadline.TooLongException.class)
          .hasMessageContaining("http.query.timeout.ms");
      assertThat(deadline.left()).isZero();
    }
  }
}
