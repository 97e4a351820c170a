package dev.sluice.failure;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;

import dev.sluice.folder.StateFolder;
import dev.sluice.operator.OperatorException;
import dev.sluice.serde.OutageClassifier;
import dev.sluice.streams.PoisonedRecordException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how to react when a thread fails. The thread's transaction is aborted, so nothing is lost
 * or done twice; the only question is whether a retry may help. An outage is retried without limit.
 * A fault that needs an operator ends the worker. Other faults are retried a few times.
 */
public final class FailureHandler implements StreamsUncaughtExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);
  private static final int TRIES_MAX = 5;

  /** Maximum retries of a record that fails every time in the same way. */
  private static final int POISONED_TRIES_MAX = 1;

  private static final long WINDOW_MS = Duration.ofMinutes(10).toMillis();
  private static final long PAUSE_MIN_MS = 500;
  private static final long PAUSE_MAX_MS = 15_000;

  /** Longest pause before a retry, plus the maximum time of a thread's restart. */
  private static final long SETTLED_MS = Duration.ofMinutes(2).toMillis();

  /** Maximum depth of causes, which may be circular. */
  private static final int DEPTH_MAX = 20;

  private final LongSupplier clockMs;
  private final Pause pause;
  private final String folder;
  private final Supplier<@Nullable String> diagnosis;
  private final Runnable ended;
  private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
  private final ArrayDeque<Long> outages = new ArrayDeque<>();
  private final ArrayDeque<Long> unexplained = new ArrayDeque<>();
  private volatile @Nullable Failure lastFailure;

  /** Waits on the failed thread. */
  @FunctionalInterface
  public interface Pause {
    void sleep(long ms) throws InterruptedException;
  }

  /**
   * Creates a handler without failures.
   *
   * @param folder the folder of local state, for messages
   * @param diagnosis checks the cause of an unexpected error; returns problem and remedy, or null
   * @param ended runs when the worker must end
   */
  public FailureHandler(
      LongSupplier clockMs,
      Pause pause,
      String folder,
      Supplier<@Nullable String> diagnosis,
      Runnable ended) {
    this.clockMs = clockMs;
    this.pause = pause;
    this.folder = folder;
    this.diagnosis = diagnosis;
    this.ended = ended;
  }

  /** Returns the error that ended the worker; null if none did. */
  public @Nullable Throwable fatal() {
    return fatal.get();
  }

  /** An unexpected failure that is retried. */
  private record Failure(long atMs, int tries, int max, String message) {}

  /**
   * Returns a recent failure that may recur; null if there was none, or none for longer than the
   * time between two retries.
   */
  public @Nullable String unsettled() {
    var last = lastFailure;
    return last == null || clockMs.getAsLong() - last.atMs() > SETTLED_MS
        ? null
        : "a thread failed (%d of %d tries): %s"
            .formatted(last.tries(), last.max(), last.message());
  }

  /** Returns whether the process is too damaged even to stop properly. */
  public boolean isBroken() {
    var error = fatal.get();
    return error != null && find(error, Error.class);
  }

  /** Ends the worker for an external reason. */
  public void fail(Throwable error) {
    if (fatal.compareAndSet(null, error)) {
      LOG.error("the worker stops: {}{}", messages(error), remedy(error));
    }
    ended.run();
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable error) {
    if (fatal.get() != null) {
      LOG.debug("a thread failed while the worker stops", error);
      return SHUTDOWN_CLIENT;
    }
    if (find(error, Error.class) || isForPeople(error)) {
      return end(error);
    }
    if (!find(error, RetriableException.class) && isOfFolder(error)) {
      return end(
          new OperatorException(
              "the state folder %s cannot be used: %s; %s"
                  .formatted(folder, messages(error), StateFolder.REMEDY),
              error));
    }
    if (OutageClassifier.isPassing(error)) {
      var tried = recent(outages, PAUSE_MAX_MS * 4);
      var ms = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS << Math.min(tried - 1, 10));
      LOG.warn("waiting {} ms, then trying again: {}", ms, messages(error));
      return again(ms);
    }
    var known = diagnosis.get();
    if (known != null) {
      fail(new OperatorException(known, error));
      return SHUTDOWN_CLIENT;
    }
    var tried = recent(unexplained, WINDOW_MS);
    var max = find(error, PoisonedRecordException.class) ? POISONED_TRIES_MAX : TRIES_MAX;
    if (tried > max) {
      return end(error);
    }
    lastFailure = new Failure(clockMs.getAsLong(), tried, max, messages(error));
    LOG.atError()
        // The message names the record; the last attempt logs the stack trace.
        .setCause(find(error, PoisonedRecordException.class) ? null : error)
        .log("a thread failed ({} of {} tries), trying again: {}", tried, max, messages(error));
    return again(PAUSE_MIN_MS << tried);
  }

  private StreamThreadExceptionResponse end(Throwable error) {
    fatal.compareAndSet(null, error);
    LOG.error(
        "the worker stops, since a retry would not help: {}{}",
        messages(error),
        remedy(error),
        error);
    ended.run();
    return SHUTDOWN_CLIENT;
  }

  private StreamThreadExceptionResponse again(long ms) {
    try {
      pause.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return REPLACE_THREAD;
  }

  private synchronized int recent(ArrayDeque<Long> times, long withinMs) {
    var now = clockMs.getAsLong();
    times.addLast(now);
    while (times.getFirst() < now - withinMs) {
      times.removeFirst();
    }
    return times.size();
  }

  /** Returns whether Kafka refuses the worker. A refusing registry is waited for. */
  private static boolean isForPeople(Throwable error) {
    return !OutageClassifier.isOfRegistry(error)
        && (find(error, AuthenticationException.class)
            || find(error, AuthorizationException.class)
            || find(error, InvalidConfigurationException.class)
            || find(error, UnsupportedVersionException.class));
  }

  /** Returns whether local state could not be read or written. Requires operator action. */
  private static boolean isOfFolder(Throwable error) {
    return find(error, ProcessorStateException.class) || find(error, RocksDBException.class);
  }

  private static boolean find(Throwable error, Class<? extends Throwable> kind) {
    var e = error;
    for (int depth = 0; e != null && depth < DEPTH_MAX; e = e.getCause(), depth++) {
      if (kind.isInstance(e)) {
        return true;
      }
    }
    return false;
  }

  /** Returns a remedy that follows the messages; empty if none is known. */
  public static String remedy(Throwable error) {
    if (OutageClassifier.isOfRegistry(error)) {
      return ""; // the message contains a remedy
    }
    if (find(error, AuthenticationException.class)) {
      return "; check the user and the password, or the certificate, that kafka.security.protocol,"
          + " kafka.sasl.… and kafka.ssl.… give to Kafka";
    }
    if (find(error, AuthorizationException.class)) {
      return "; grant the worker's Kafka user the right to it (./sluice check names"
          + " missing rights, docs/security.md lists all)";
    }
    return "";
  }

  /**
   * Returns the messages of an error and its causes, without repetition. For an unprocessable
   * record it returns that message alone, since Streams' message contains a stack trace.
   */
  public static String messages(Throwable error) {
    var cause = error;
    for (int depth = 0; cause != null && depth < DEPTH_MAX; cause = cause.getCause(), depth++) {
      if (cause instanceof PoisonedRecordException) {
        return String.valueOf(cause.getMessage());
      }
    }
    var text = new StringBuilder();
    var e = error;
    for (int depth = 0; e != null && depth < DEPTH_MAX; e = e.getCause(), depth++) {
      var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      if (text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message);
      }
    }
    return text.toString();
  }
}
