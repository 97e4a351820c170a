package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.query.Answer.Live;
import dev.sluice.query.Answer.Overview;
import dev.sluice.query.Queries.BusyException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PulseTest {
  private final AtomicInteger looks = new AtomicInteger();
  private long nowMs = 1_000_000;
  private long lookMs;
  private boolean failing;

  private final Pulse pulse = new Pulse((authorization, ms) -> look(ms), () -> nowMs);

  private Live look(long ms) {
    looks.incrementAndGet();
    nowMs += lookMs;
    if (failing) {
      throw new BusyException("too many");
    }
    return new Live(
        Instant.ofEpochMilli(ms), new Overview(Map.of(), Map.of(), 0, 0), List.of(), null);
  }

  @Test
  void shouldLookOnceASecondHoweverManyWatch() throws Exception {
    try (var watchers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        watchers.submit(() -> pulse.now(null));
      }
    }
    assertThat(looks).hasValue(1);
    assertThat(pulse.untilNext()).isEqualTo(Duration.ofSeconds(1));

    nowMs += 999;
    pulse.now(null);
    assertThat(looks).hasValue(1);
    nowMs += 1;
    pulse.now(null);
    assertThat(looks).hasValue(2);
  }

  @Test
  void shouldRestTenTimesAsLongAsALookTook() {
    lookMs = 400;
    pulse.now(null);

    assertThat(pulse.untilNext()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void shouldShareWhatWentWrongToo() {
    failing = true;
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> pulse.now(null)).isInstanceOf(BusyException.class);
    }
    assertThat(looks).hasValue(1);

    failing = false;
    nowMs += 1_000;
    assertThat(pulse.now(null).at()).isEqualTo(Instant.ofEpochMilli(1_001_000));
  }
}
