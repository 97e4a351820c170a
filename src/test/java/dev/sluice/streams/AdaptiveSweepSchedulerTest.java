package dev.sluice.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class AdaptiveSweepSchedulerTest {
  private static final long MS = 1_000_000;

  private long nowNs = 5;
  private final AdaptiveSweepScheduler turns =
      new AdaptiveSweepScheduler(Duration.ofMillis(50), () -> nowNs);

  @Test
  void shouldGiveEveryTaskAFullSliceWhileThereIsNoInput() {
    assertThat(lengthMs("a")).isEqualTo(50);
    assertThat(lengthMs("b")).isEqualTo(50);
    assertThat(lengthMs("a")).isEqualTo(50);
  }

  @Test
  void shouldRestAfterShortSlicesWhileThereIsInput() {
    input();

    assertThat(lengthMs("a")).isEqualTo(10);
    assertThat(turns.begin("a")).isNull();
    nowNs += 20 * MS;
    assertThat(lengthMs("a")).isEqualTo(10);
  }

  @Test
  void shouldLetTheTasksOfAThreadTakeTurns() {
    var had = new ArrayList<String>();
    for (int tick = 0; tick < 60; tick++) {
      input();
      for (var task : new String[] {"a", "b", "c"}) {
        if (turns.begin(task) != null) {
          had.add(task);
        }
      }
      nowNs += 30 * MS;
    }

    assertThat(had.subList(0, 6)).containsExactly("a", "b", "c", "a", "b", "c");
  }

  @Test
  void shouldNotWaitForATaskThatIsGone() {
    input();
    assertThat(turns.begin("a")).isNotNull();
    assertThat(turns.begin("gone")).isNull();
    assertThat(turns.begin("b")).isNull();

    for (int i = 0; i < 5; i++) {
      nowNs += 400 * MS;
      input();
      if (turns.begin("b") != null) {
        return;
      }
    }
    throw new AssertionError("b never had its turn");
  }

  @Test
  void shouldGoOnInFullWhenInputHasCeased() {
    input();
    lengthMs("a");
    nowNs += 3_000 * MS;

    assertThat(lengthMs("a")).isEqualTo(50);
  }

  @Test
  void shouldNotRestForAnInputNowAndThen() {
    turns.input();

    assertThat(lengthMs("a")).isEqualTo(50);
  }

  @Test
  void shouldRestWhenInputShowsBetweenTwoSlices() {
    lengthMs("a");
    turns.input();

    assertThat(lengthMs("a")).isEqualTo(10);
    nowNs += 201 * MS;
    assertThat(lengthMs("a")).isEqualTo(50);
  }

  @Test
  void shouldKnowOfInputFromBeforeTheFirstSlice() {
    nowNs += 60_000 * MS;
    input();

    assertThat(lengthMs("a")).isEqualTo(10);
  }

  private void input() {
    for (int i = 0; i < 10; i++) {
      turns.input();
    }
  }

  /** How long the task's slice lasts, or -1; the clock stands at its end then. */
  private long lengthMs(String task) {
    var budget = turns.begin(task);
    if (budget == null) {
      return -1;
    }
    var from = nowNs;
    while (!budget.endsAfter(64)) {
      nowNs += MS;
    }
    return (nowNs - from) / MS;
  }
}
