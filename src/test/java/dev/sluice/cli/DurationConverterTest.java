package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
  private final DurationConverter converter = new DurationConverter();

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "0s, PT0S",
    "30s, PT30S",
    "1.5s, PT1.5S",
    "5m, PT5M",
    "2h, PT2H",
    "1h30m, PT1H30M",
    "PT30S, PT30S",
    "pt30s, PT30S",
    "' 30S ', PT30S",
  })
  void shouldReadDurationsWithUnits(String text, Duration duration) {
    assertThat(converter.convert(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "ms",
        "1.5ms",
        "-5s",
        "-5ms",
        "5x",
        "5 m",
        "1d",
        "99999999999999999999ms",
        "9223372036854775807h"
      })
  void shouldRefuseAMalformedDuration(String text) {
    assertThatExceptionOfType(TypeConversionException.class)
        .isThrownBy(() -> converter.convert(text))
        .withMessage("'" + text + "' is not a duration; write it like 500ms, 30s, 5m or 2h");
  }
}
