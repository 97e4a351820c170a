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
 * Limits each Kafka warning to one in ten seconds: its clients warn at every attempt, twice a
 * second for each missing partition. Transient effects of transactions, which the client retries,
 * are suppressed unless they are frequent. Sluice's own lines are never suppressed. One kind of
 * error is: Streams logs an unprocessable record in four places, each with the stack trace, before
 * the worker logs it itself.
 */
public final class RepeatedWarnings extends TurboFilter {
  private static final long EVERY_NS = 10_000_000_000L;

  /** Number of occurrences in ten seconds from which a warning is no longer transient. */
  static final int OFTEN = 50;

  private static final String SENDER = "org.apache.kafka.clients.producer.internals.Sender";
  private static final String GROUP_OFFSETS =
      "org.apache.kafka.clients.admin.internals.ListConsumerGroupOffsetsHandler";

  /** The text of an offset that an open transaction is about to change; its reader waits for it. */
  private static final String UNDECIDED = "UNSTABLE_OFFSET_COMMIT";

  private static final String REPLICAS = "kafka.server.ReplicaManager";
  private static final List<String> PASSING_ERRORS =
      List.of("CONCURRENT_TRANSACTIONS", "OUT_OF_ORDER_SEQUENCE_NUMBER");
  private static final List<String> PASSING_EXCEPTIONS =
      List.of("ConcurrentTransactionsException", "OutOfOrderSequenceException");
  private static final String STREAMS = "org.apache.kafka.streams.";

  /** Maximum depth of causes, which may be circular. */
  private static final int DEPTH_MAX = 20;

  /** Maximum number of remembered warnings: those with names could be many. */
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
    if (level.levelInt < Level.WARN_INT) {
      // Kafka's clients ask for each record whether they should trace it.
      return FilterReply.NEUTRAL;
    }
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

  /** Returns the exception, if any, which follows the parameters of a format. */
  private static @Nullable Throwable thrown(Object @Nullable [] params, @Nullable Throwable error) {
    return error == null
            && params != null
            && params.length > 0
            && params[params.length - 1] instanceof Throwable last
        ? last
        : error;
  }

  /** Returns whether an error is about an unprocessable record, which the worker logs itself. */
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
   * Returns whether a warning is a transient effect of transactions that client or broker retries:
   * the previous transaction is not completed yet, an offset is undecided, or batches were
   * reordered.
   */
  private static boolean isPassing(
      String logger, Level level, Object @Nullable [] params, @Nullable Throwable error) {
    if (level.levelInt == Level.WARN_INT && logger.equals(GROUP_OFFSETS) && params != null) {
      return Arrays.stream(params).map(String::valueOf).anyMatch(UNDECIDED::equals);
    }
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

  /**
   * Returns whether a warning came many times in the last seconds, so that it is not transient and
   * is logged once.
   */
  synchronized boolean isOften(String text, long nowNs) {
    var last = counts.get(text);
    var count =
        last == null || nowNs - last.sinceNs() >= EVERY_NS
            ? new Count(nowNs, 1)
            : new Count(last.sinceNs(), last.times() + 1);
    counts.put(text, count);
    return count.times() == OFTEN;
  }

  /** Returns whether a text may be logged now, and records it as logged. */
  synchronized boolean isDue(String text, long nowNs) {
    var last = lastNs.get(text);
    if (last != null && nowNs - last < EVERY_NS) {
      return false;
    }
    lastNs.put(text, nowNs);
    return true;
  }
}
