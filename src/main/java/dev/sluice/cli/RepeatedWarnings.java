package dev.sluice.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import dev.sluice.access.PoisonedRecordException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets a warning of Kafka's through once in ten seconds: its clients warn with every try, twice a
 * second for each partition that is gone. Nothing of Sluice's own is held back, and no error but
 * one: Streams tells of a record that the worker cannot process in four places, with the stack
 * trace each time, before the worker says it itself.
 */
public final class RepeatedWarnings extends TurboFilter {
  private static final long EVERY_NS = 10_000_000_000L;

  private static final String STREAMS = "org.apache.kafka.streams.";

  /** Causes can go round in a circle. */
  private static final int DEPTH_MAX = 20;

  /** The warnings with names in them could be many. */
  private static final int KEPT_MAX = 1_000;

  private final ConcurrentHashMap<String, Long> lastNs = new ConcurrentHashMap<>();

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] params,
      @Nullable Throwable error) {
    if (level.levelInt == Level.ERROR_INT
        && error != null
        && logger.getName().startsWith(STREAMS)
        && isOurs(error)) {
      return FilterReply.DENY;
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

  private static boolean isOurs(Throwable error) {
    Throwable e = error;
    for (int depth = 0; e != null && depth < DEPTH_MAX; e = e.getCause(), depth++) {
      if (e instanceof PoisonedRecordException) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text may be said now; then it has been. */
  boolean isDue(String text, long nowNs) {
    if (lastNs.size() >= KEPT_MAX) {
      lastNs.clear();
    }
    var said =
        lastNs.compute(
            text,
            (key, last) -> last == null || nowNs - last >= EVERY_NS ? Long.valueOf(nowNs) : last);
    return said == nowNs;
  }
}
