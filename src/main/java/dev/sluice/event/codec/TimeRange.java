package dev.sluice.event.codec;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which times an event may have: from the year 2000 to 9999. Another one is a number in a wrong
 * unit, and access without end if it were believed.
 */
final class TimeRange {
  private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  /** Ends the sentence of a time in JSON that is outside. */
  static final String BOUNDS = "times are from the year 2000 to 9999";

  private TimeRange() {}

  /** Whether it may be. */
  static boolean is(Instant time) {
    return !time.isBefore(FIRST) && !time.isAfter(LAST);
  }

  /**
   * What is wrong with a number of milliseconds, in words that name the likely cause; null where
   * nothing is.
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

  /** Whether it is a time that may be, in the other unit. */
  private static boolean isMoment(long number, long divide, long multiply) {
    var ms = Math.floorDiv(number, divide);
    return ms <= Long.MAX_VALUE / multiply
        && ms >= Long.MIN_VALUE / multiply
        && is(Instant.ofEpochMilli(ms * multiply));
  }
}
