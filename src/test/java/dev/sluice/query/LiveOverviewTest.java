package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.query.QueryGateway.BusyException;
import dev.sluice.query.model.ApiModel.Live;
import dev.sluice.query.model.ApiModel.Overview;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LiveOverviewTest {
  private final AtomicInteger looks = new AtomicInteger();
  private long nowMs = 1_000_000;
  private long lookMs;
  private boolean failing;

  private final LiveOverview liveOverview =
      new LiveOverview((authorization, ms) -> look(ms), () -> nowMs);

  private Live look(long ms) {
    looks.incrementAndGet();
    nowMs += lookMs;
    if (failing) {
      throw new BusyException("too many");
    }
    return new Live(
        Instant.ofEpochMilli(ms), new Overview(Map.of(), Map.of(), 0, 0, false), List.of(), null);
  }

  @Test
  void shouldReadOnceASecondForAllViewers() throws Exception {
    try (var watchers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        watchers.submit(() -> liveOverview.now(null));
      }
    }
    assertThat(looks).hasValue(1);
    assertThat(liveOverview.untilNext()).isEqualTo(Duration.ofSeconds(1));

    nowMs += 999;
    liveOverview.now(null);
    assertThat(looks).hasValue(1);
    nowMs += 1;
    liveOverview.now(null);
    assertThat(looks).hasValue(2);
  }

  @Test
  void shouldPauseTenTimesTheDurationOfARead() {
    lookMs = 400;
    liveOverview.now(null);

    assertThat(liveOverview.untilNext()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void shouldShareFailuresBetweenViewers() {
    failing = true;
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> liveOverview.now(null)).isInstanceOf(BusyException.class);
    }
    assertThat(looks).hasValue(1);

    failing = false;
    nowMs += 1_000;
    assertThat(liveOverview.now(null).at()).isEqualTo(Instant.ofEpochMilli(1_001_000));
  }
}
