package dev.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.codec.EventReader.SchemaAwaitedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffOutageRetryTest {
  private static final RuntimeException OUTAGE = new IllegalStateException("no registry");
  private static final Duration MAX_POLL = Duration.ofMinutes(5);

  private long nowMs;
  private final BackoffOutageRetry outageRetry =
      new BackoffOutageRetry(MAX_POLL, () -> nowMs * 1_000_000, ms -> nowMs += ms);

  /** Until it gives up; gives how long that was. */
  private Duration waitOut(long tryMs) {
    var began = nowMs;
    nowMs += tryMs;
    for (int tries = 1; outageRetry.waitFor(tries, OUTAGE); tries++) {
      nowMs += tryMs;
    }
    return Duration.ofMillis(nowMs - began);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 100, 5_000, 15_000})
  void shouldGiveUpTwiceBeforeKafkaWouldTakeTheThreadForDead(long tryMs) {
    assertThat(waitOut(tryMs).plus(waitOut(tryMs)))
        .isGreaterThan(MAX_POLL.dividedBy(2))
        .isLessThan(MAX_POLL);
  }

  @Test
  void shouldSayWhatIsWaitedForAsLongAsItIs() {
    assertThat(outageRetry.waiting()).isNull();

    outageRetry.waitFor(1, OUTAGE);
    assertThat(outageRetry.waiting()).isEqualTo("no registry");

    nowMs += Duration.ofSeconds(20).toMillis();
    assertThat(outageRetry.waiting()).isNull();
  }

  @Test
  void shouldBeginAnewWithEveryEvent() {
    waitOut(5_000);

    assertThat(outageRetry.waitFor(1, OUTAGE)).isTrue();
  }

  @Test
  void shouldNotPauseLongerThanASchemaIsWaitedFor() {
    var awaited = new SchemaAwaitedException("not there", OUTAGE, 300);

    assertThat(outageRetry.waitFor(9, OUTAGE)).isTrue();
    assertThat(nowMs).as("an outage").isEqualTo(3_000);
    assertThat(outageRetry.waitFor(9, awaited)).isTrue();
    assertThat(nowMs).as("a schema").isEqualTo(3_300);
  }

  @Test
  void shouldGiveUpWhenTheWorkerStops() {
    outageRetry.stop();

    assertThat(outageRetry.waitFor(1, OUTAGE)).isFalse();
    assertThat(nowMs).isZero();
  }

  @Test
  void shouldGiveUpWhenInterrupted() {
    var interrupted =
        new BackoffOutageRetry(
            MAX_POLL,
            () -> 0,
            ms -> {
              throw new InterruptedException();
            });

    assertThat(interrupted.waitFor(1, OUTAGE)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}
