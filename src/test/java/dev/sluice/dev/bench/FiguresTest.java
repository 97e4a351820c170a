package dev.sluice.dev.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FiguresTest {

  @Test
  void shouldTakeTheMiddleOfAnOddNumberOfRounds() {
    assertThat(Figures.ofRounds(5, 1, 3).values())
        .isEqualTo(Map.of("min", 1.0, "median", 3.0, "max", 5.0));
  }

  @Test
  void shouldTakeTheMeanOfTheTwoInTheMiddleOfAnEvenNumber() {
    assertThat(Figures.ofRounds(1, 2, 4, 100).get("median")).isEqualTo(3.0);
  }

  @Test
  void shouldTakeAPercentileThatSoManyPercentDoNotExceed() {
    var figures =
        Figures.ofLatencies(LongStream.rangeClosed(1, 200).map(ms -> ms * 1_000_000).toArray());
    assertThat(figures.values())
        .isEqualTo(Map.of("min", 1.0, "median", 100.0, "p50", 100.0, "p99", 198.0, "max", 200.0));
  }

  @Test
  void shouldTakeTheOnlyLatencyForEveryPercentile() {
    assertThat(Figures.ofLatencies(2_500_000).values().values()).containsOnly(2.5);
  }

  @Test
  void shouldNotChangeWhatItIsGiven() {
    var nanos = new long[] {3, 1, 2};
    assertThat(Figures.ofLatencies(nanos).get("max")).isEqualTo(3e-6);
    assertThat(nanos).containsExactly(3, 1, 2);
  }

  @Test
  void shouldDivideFigureByFigure() {
    var ratio = Figures.ofRounds(2, 4, 9).over(Figures.ofRounds(1, 2, 3));
    assertThat(ratio.values()).isEqualTo(Map.of("min", 2.0, "median", 2.0, "max", 3.0));
  }

  @Test
  void shouldRefuseToSayAnythingOfNothing() {
    assertThatThrownBy(Figures::ofRounds).hasMessageContaining("no rounds");
    assertThatThrownBy(Figures::ofLatencies).hasMessageContaining("no latencies");
  }
}
