package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressBarTest {

  @Test
  void barShowsShareRateAndTimeLeft() {
    assertThat(ProgressBar.text("Publishing", 250_000, 1_000_000, 10).stripTrailing())
        .isEqualTo("Publishing  25% [=====               ] 250,000/1,000,000, 25,000/s, 30 s left");
    assertThat(ProgressBar.text("Publishing", 4, 4, 2).stripTrailing())
        .isEqualTo("Publishing 100% [====================] 4/4, 2/s, 2 s");
    assertThat(ProgressBar.text("Publishing", 0, 4, 0).stripTrailing())
        .isEqualTo("Publishing   0% [                    ] 0/4, 0/s, 0 s");
  }

  @Test
  void barWithoutTotalShowsRate() {
    assertThat(ProgressBar.text("Publishing", 2_000, -1, 4).stripTrailing())
        .isEqualTo("Publishing 2,000, 500/s, 4 s");
  }

  /** A shorter line would leave the end of the line before; a longer one would not be redrawn. */
  @Test
  void everyLineIsEquallyLong() {
    assertThat(ProgressBar.text("n", 0, -1, 0)).hasSize(79);
    assertThat(ProgressBar.text("n".repeat(100), 1, 2, 3)).hasSize(79);
  }
}
