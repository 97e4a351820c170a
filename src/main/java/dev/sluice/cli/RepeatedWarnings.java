package dev.sluice.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets a warning of Kafka's through once in ten seconds: its clients warn with every try, twice a
 * second for each partition that is gone. Nothing of Sluice's own is held back, and no error.
 */
public final class RepeatedWarnings extends TurboFilter {
  private static final long EVERY_NS = 10_000_000_000L;

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
    if (format == null
        || level.levelInt != Level.WARN_INT
        || !logger.getName().startsWith("org.apache.kafka.")) {
      return FilterReply.NEUTRAL;
    }
    return isDue(logger.getName() + format, System.nanoTime())
        ? FilterReply.NEUTRAL
        : FilterReply.DENY;
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
