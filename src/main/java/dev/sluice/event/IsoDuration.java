package dev.sluice.event;

import dev.sluice.text.Visible;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads durations in ISO 8601, such as P30D, P2W, PT12H or P1DT30M. Months and years are not taken:
 * they have no fixed length. Nor are signs, small letters and parts of seconds. Pure.
 */
public final class IsoDuration {
  /** Longest duration: 100 years of 365 days. */
  public static final Duration MAX = Duration.ofDays(36_500);

  private static final Pattern WEEKS = Pattern.compile("P(\\d{1,5})W");

  /** The numbers are short enough for a long. */
  private static final Pattern DAYS_AND_SMALLER =
      Pattern.compile("P(?=.)(?:\\d{1,5}D)?(?:T(?=.)(?:\\d{1,7}H)?(?:\\d{1,9}M)?(?:\\d{1,11}S)?)?");

  private static final int SHOWN_MAX = 40;

  private IsoDuration() {}

  /** Returns a description of an invalid duration; null if the text is valid, or null. */
  public static @Nullable String problem(@Nullable String text) {
    return text == null || millisOrNull(text) != null
        ? null
        : Visible.quoted(text, SHOWN_MAX)
            + " is not a duration such as P30D, P2W or PT12H, above zero and at most P36500D";
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
    var weeks = WEEKS.matcher(text);
    Duration duration;
    if (weeks.matches()) {
      duration = Duration.ofDays(7L * Integer.parseInt(weeks.group(1)));
    } else if (DAYS_AND_SMALLER.matcher(text).matches()) {
      duration = Duration.parse(text);
    } else {
      return null;
    }
    return duration.isZero() || duration.compareTo(MAX) > 0 ? null : (Long) duration.toMillis();
  }
}
