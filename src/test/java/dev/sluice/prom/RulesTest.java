package dev.sluice.prom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RulesTest {

  @Test
  void shouldShortenWhatIsATimeAndNothingElse() throws Exception {
    assertThat(Rules.shortened("rate(a_total{x=\"5m\"}[5m] offset 15m) > 300", 60))
        .isEqualTo("rate(a_total{x=\"5m\"}[5000ms] offset 15000ms) > 5.0");
    assertThat(Rules.shortened("changes(b[20m]) >= 3", 10)).isEqualTo("changes(b[120000ms]) >= 3");
    assertThat(Rules.shortened("a < 0.15\n  for: 15m\n", 3))
        .isEqualTo("a < 0.15\n  for: 300000ms\n");
    assertThat(Rules.shortened("any", 1)).isEqualTo("any");
  }

  @Test
  void shouldLeaveNoTimeOfTheRulesAsItIs() throws Exception {
    var left = Pattern.compile("(\\[|offset |for: )\\d+[smhd]\\b").matcher(Rules.shortened(60));

    assertThat(left.results()).isEmpty();
  }
}
