package dev.sluice.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.sluice.limits.LruMap;
import dev.sluice.streams.PoisonedRecordException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets a warning of Kafka's through once in ten seconds: its clients warn with every try, twice a
 * second for each partition that is gone. What transactions bring at rest, and the client tries
 * again, is held back until it comes often. Nothing of Sluice's own is held back, and no other
 * error but one: Streams tells of a record that the worker cannot process in four places, with the
 * stack trace each time, before the worker says it itself.
 */
public final class RepeatedWarnings extends TurboFilter {
  private static final long EVERY_NS = 10_000_000_000L;

  /** So often in ten seconds is no passing thing. */
  static final int OFTEN = 50;

  private static final String SENDER = "org.apache.kafka.clients.producer.internals.Sender";
  private static final String REPLICAS = "kafka.server.ReplicaManager";
  private static final List<String> PASSING_ERRORS =
      List.of("CONCURRENT_TRANSACTIONS", "OUT_OF_ORDER_SEQUENCE_NUMBER");
  private static final List<String> PASSING_EXCEPTIONS =
      List.of("ConcurrentTransactionsException", "OutOfOrderSequenceException");
  private static final String STREAMS = "org.apache.kafka.streams.";

  /** Causes can go round in a circle. */
  private static final int DEPTH_MAX = 20;

  /** The warnings with names in them could be many. */
  private static final int KEPT_MAX = 1_000;

  private final LruMap<String, Long> lastNs = new LruMap<>(KEPT_MAX);
  private final LruMap<String, Count> counts = new LruMap<>(KEPT_MAX);

  private record Count(long sinceNs, int times) {}

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] params,
      @Nullable Throwable error) {
    var thrown = thrown(params, error);
    if (level.levelInt == Level.ERROR_INT
        && thrown != null
        && logger.getName().startsWith(STREAMS)
        && isOurs(thrown)) {
      return FilterReply.DENY;
    }
    if (isPassing(logger.getName(), level, params, thrown)) {
      return isOften(logger.getName() + format, System.nanoTime())
          ? FilterReply.NEUTRAL
          : FilterReply.DENY;
    }
    if (format == null
        || level.levelInt != Level.WARN_INT
        || !logger.getName().startsWith("org.apache.kafka.")) {
      return FilterReply.NEUTRAL;
    }
    return isDue(logger.getName() + format, System.nanoTime())
        ? FilterReply.NEUTRAL
        : FilterReply.DENY;
  }

  /** Behind the parameters of a format stands what was thrown, if anything was. */
  private static @Nullable Throwable thrown(Object @Nullable [] params, @Nullable Throwable error) {
    return error == null
            && params != null
            && params.length > 0
            && params[params.length - 1] instanceof Throwable last
        ? last
        : error;
  }

  /** Whether it is about a record that cannot be processed, which the worker tells itself. */
  static boolean isOurs(Throwable error) {
    Throwable e = error;
    for (int depth = 0; e != null && depth < DEPTH_MAX; e = e.getCause(), depth++) {
      if (e instanceof PoisonedRecordException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether it is of the kind that transactions bring at rest, which the client or broker tries
   * again by itself: the one before is not quite ended, or a batch came before another.
   */
  private static boolean isPassing(
      String logger, Level level, Object @Nullable [] params, @Nullable Throwable error) {
    if (level.levelInt == Level.WARN_INT && logger.equals(SENDER) && params != null) {
      return Arrays.stream(params)
          .map(String::valueOf)
          .anyMatch(text -> PASSING_ERRORS.stream().anyMatch(text::startsWith));
    }
    return level.levelInt == Level.ERROR_INT
        && logger.equals(REPLICAS)
        && error != null
        && PASSING_EXCEPTIONS.contains(error.getClass().getSimpleName());
  }

  /** Whether it came many times in the last seconds: then it does not pass, and is said once. */
  synchronized boolean isOften(String text, long nowNs) {
    var last = counts.get(text);
    var count =
        last == null || nowNs - last.sinceNs() >= EVERY_NS
            ? new Count(nowNs, 1)
            : new Count(last.sinceNs(), last.times() + 1);
    counts.put(text, count);
    return count.times() == OFTEN;
  }

  /** Whether a text may be said now; then it has been. */
  synchronized boolean isDue(String text, long nowNs) {
    var last = lastNs.get(text);
    if (last != null && nowNs - last < EVERY_NS) {
      return false;
    }
    lastNs.put(text, nowNs);
    return true;
  }
}
