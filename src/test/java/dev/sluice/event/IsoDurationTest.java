package dev.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "P30D, 30d",
    "P2W, 14d",
    "PT12H, 12h",
    "P1DT1H, 25h",
    "PT90S, 90000ms",
    "P36500D, 36500d"
  })
  void shouldReadDaysAndSmallerUnits(String text, String expected) {
    var amount = Long.parseLong(expected.replaceAll("\\D", ""));
    var millis =
        switch (expected.replaceAll("\\d", "")) {
          case "d" -> Duration.ofDays(amount).toMillis();
          case "h" -> Duration.ofHours(amount).toMillis();
          default -> amount;
        };

    assertThat(IsoDuration.problem(text)).isNull();
    assertThat(IsoDuration.millis(text)).isEqualTo(millis);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "P1M",
        "P1Y",
        "30",
        "30d",
        "P",
        "PT0S",
        "P0W",
        "-P1D",
        "PT-1H",
        "P36501D",
        "P99999W",
        "PT0.5S",
        "P9999999999999D",
        " P1D",
        "p30d",
        "P2DT-24H",
        "-P-1D",
        "-P200000000000D",
        "P-106751991168D",
        "PT-9223372036854775807S",
        "P1DT",
        "PT99999999999S",
        "P1D2H"
      })
  void shouldRejectWhatIsNoDurationOrHasNoFixedLength(String text) {
    assertThat(IsoDuration.problem(text))
        .endsWith(" is not a duration such as P30D, P2W or PT12H, above zero and at most P36500D");
    assertThatIllegalArgumentException().isThrownBy(() -> IsoDuration.millis(text));
  }

  @Test
  void shouldShowTheBeginningOfALongText() {
    assertThat(IsoDuration.problem("x\n" + "y".repeat(999)))
        .matches("\"x\\\\u000ay{38}…\" is not .*");
  }

  @Test
  void shouldTakeNoDurationForValid() {
    assertThat(IsoDuration.problem(null)).isNull();
  }
}
