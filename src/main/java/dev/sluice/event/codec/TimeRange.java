package dev.sluice.event.codec;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Accepted times of events: from the year 2000 to 9999. Other times are numbers in a wrong unit,
 * and would give access without end.
 */
final class TimeRange {
  private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  /** Ends the message about a time in JSON outside the range. */
  static final String BOUNDS = "times are from the year 2000 to 9999";

  private TimeRange() {}

  /** Returns whether a time is in the range. */
  static boolean is(Instant time) {
    return !time.isBefore(FIRST) && !time.isAfter(LAST);
  }

  /**
   * Returns a description of a number of milliseconds outside the range, with the likely cause;
   * null if it is inside.
   */
  static @Nullable String problem(String field, @Nullable Instant time) {
    if (time == null || is(time)) {
      return null;
    }
    long ms;
    try {
      ms = time.toEpochMilli();
    } catch (ArithmeticException e) {
      return "%s is %s: %s".formatted(field, time, BOUNDS);
    }
    return "%s is %d, which as milliseconds is %s; %s%s"
        .formatted(field, ms, time, BOUNDS, likely(ms));
  }

  private static String likely(long ms) {
    if (isMoment(ms, 1, 1_000)) {
      return ": it looks like seconds, multiply it by 1000";
    }
    if (isMoment(ms, 1_000, 1)) {
      return ": it looks like microseconds, divide it by 1000 or declare timestamp-micros";
    }
    if (isMoment(ms, 1_000_000, 1)) {
      return ": it looks like nanoseconds, divide it by 1000000 or declare timestamp-nanos";
    }
    return "";
  }

  /** Returns whether the number is a time in the range in the other unit. */
  private static boolean isMoment(long number, long divide, long multiply) {
    var ms = Math.floorDiv(number, divide);
    return ms <= Long.MAX_VALUE / multiply
        && ms >= Long.MIN_VALUE / multiply
        && is(Instant.ofEpochMilli(ms * multiply));
  }
}
