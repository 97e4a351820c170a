package dev.sluice.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OffsetRateTest {
  private final OffsetRate rate = new OffsetRate();

  @Test
  void shouldTellOffsetsASecondFromTheSecondLookOn() {
    assertThat(rate.next(1_000, 500)).isNull();
    assertThat(rate.next(3_000, 900)).isEqualTo(200.0);
    assertThat(rate.next(3_500, 900)).isZero();
  }

  @Test
  void shouldSayNothingWhereNobodyLookedForLong() {
    rate.next(1_000, 500);

    assertThat(rate.follows(121_000)).isTrue();
    assertThat(rate.follows(121_001)).isFalse();
    assertThat(rate.next(3_600_000, 9_000_000)).isNull();
    assertThat(rate.next(3_601_000, 9_000_010)).isEqualTo(10.0);
  }

  @Test
  void shouldSayNothingOfAClockThatStandsStillAndNothingBelowZero() {
    rate.next(1_000, 500);

    assertThat(rate.next(1_000, 600)).isNull();
    assertThat(rate.next(2_000, 0)).isZero();
  }
}
