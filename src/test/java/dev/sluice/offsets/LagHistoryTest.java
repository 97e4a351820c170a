package dev.sluice.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagHistoryTest {
  private final LagHistory history = new LagHistory();

  @Test
  void shouldWaitForNothingWhereAllIsProcessed() {
    history.add(1000, 10);

    assertThat(history.waitingMs(5000, 10)).isZero();
    assertThat(history.covers(10)).isTrue();
  }

  @Test
  void shouldCountFromWhenTheEndWasLastWhereTheWorkerIs() {
    history.add(1000, 10);
    history.add(2000, 10);
    history.add(3000, 15);
    history.add(4000, 20);

    assertThat(history.waitingMs(5000, 10)).isEqualTo(3000);
    assertThat(history.waitingMs(5000, 14)).isEqualTo(3000);
    assertThat(history.waitingMs(5000, 15)).isEqualTo(2000);
    assertThat(history.waitingMs(5000, 20)).isZero();
  }

  @Test
  void shouldCountFromTheFirstLookWhatWasThereBefore() {
    history.add(1000, 500);
    history.add(9000, 501);

    assertThat(history.waitingMs(10_000, 7)).isEqualTo(9000);
    assertThat(history.covers(7)).isFalse();
  }

  @Test
  void shouldStayBounded() {
    for (int i = 0; i < 10_000; i++) {
      history.add(i, i);
    }

    assertThat(history.covers(9_000)).isFalse();
    assertThat(history.waitingMs(10_000, 9_990)).isEqualTo(10);
  }
}
