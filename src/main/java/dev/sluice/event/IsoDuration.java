package dev.sluice.event;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads durations in ISO 8601, such as P30D, P2W or PT12H. Months and years are not taken: they
 * have no fixed length. Pure.
 */
public final class IsoDuration {
  /** Longest duration: 100 years of 365 days. */
  public static final Duration MAX = Duration.ofDays(36_500);

  private static final Pattern WEEKS = Pattern.compile("P(\\d{1,4})W");
  private static final int SHOWN_MAX = 40;

  private IsoDuration() {}

  /** Returns a description of an invalid duration; null if the text is valid, or null. */
  public static @Nullable String problem(@Nullable String text) {
    if (text == null || millisOrNull(text) != null) {
      return null;
    }
    var shown = text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
    return "\"%s\" is not a duration such as P30D, P2W or PT12H, above zero and at most P36500D"
        .formatted(shown.replaceAll("\\p{Cntrl}", "?"));
  }

  /**
   * Returns a valid duration in milliseconds.
   *
   * @throws IllegalArgumentException if the text is not valid
   */
  public static long millis(String text) {
    var millis = millisOrNull(text);
    if (millis == null) {
      throw new IllegalArgumentException(problem(text));
    }
    return millis;
  }

  private static @Nullable Long millisOrNull(String text) {
    var duration = parsed(text);
    return duration == null || duration.compareTo(MAX) > 0 || duration.toMillis() <= 0
        ? null
        : (Long) duration.toMillis();
  }

  private static @Nullable Duration parsed(String text) {
    var weeks = WEEKS.matcher(text);
    if (weeks.matches()) {
      return Duration.ofDays(7L * Integer.parseInt(weeks.group(1)));
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
