package dev.sluice.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts durations such as 500ms, 30s, 5m, 2h, or PT30S of ISO 8601. */
public final class DurationConverter implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String value) {
    var text = value.strip().toLowerCase(Locale.ROOT);
    try {
      var duration =
          text.endsWith("ms")
              ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
              : Duration.parse(text.startsWith("pt") ? text : "pt" + text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException | NumberFormatException e) {
      // Reported below.
    }
    throw new TypeConversionException(
        "'" + value + "' is not a duration; write it like 500ms, 30s, 5m or 2h");
  }
}
