package dev.sluice.dev.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private final List<String> said = new ArrayList<>();

  private Bench bench(Duration warmUp) {
    var progress =
        new Progress() {
          @Override
          public Work begin(String name, long total) {
            throw new IllegalStateException("there is nothing to begin");
          }

          @Override
          public void say(String text) {
            said.add(text);
          }
        };
    return new Bench(
        SluiceConfig::of, "localhost:1", "b-", Path.of("unused"), 1, warmUp, false, progress);
  }

  @Test
  void shouldRunRoundsUntilTheTimeIsOver() throws Exception {
    var now = new AtomicLong(7);
    var numbers = new ArrayList<Integer>();

    var warmUp =
        WarmUp.of(
            bench(Duration.ofSeconds(60)),
            "approvals",
            now::get,
            number -> {
              numbers.add(number);
              now.addAndGet(Duration.ofSeconds(25).toNanos());
            });

    assertThat(warmUp).isEqualTo(new WarmUp(3, Duration.ofSeconds(75)));
    assertThat(numbers).containsExactly(0, 1, 2);
    assertThat(said)
        .containsExactly(
            "approvals: warming up for 60 s",
            "approvals: warmed up for 75 s, with 3 uncounted rounds");
  }

  @Test
  void shouldRunNoneWithoutTime() throws Exception {
    var warmUp =
        WarmUp.of(
            bench(Duration.ZERO),
            "approvals",
            number -> {
              throw new AssertionError("no round is wanted");
            });

    assertThat(warmUp.rounds()).isZero();
    assertThat(warmUp.found()).containsEntry("warmUpRounds", 0L);
    assertThat(said).isEmpty();
  }
}
