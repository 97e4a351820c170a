package dev.sluice.startup;

import dev.sluice.failure.FailureHandler;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Logs every half minute that the brokers do not answer, and once that they answer again. Kafka's
 * clients log nothing, or every attempt. For one thread.
 */
final class BrokerOutageLog {
  private static final long LOG_AFTER_NS = Duration.ofSeconds(5).toNanos();
  private static final long LOG_INTERVAL_NS = Duration.ofSeconds(30).toNanos();

  private final String servers;
  private final LongSupplier clockNs;
  private final Consumer<String> log;
  private @Nullable Long began;
  private @Nullable Long loggedAtNs;

  BrokerOutageLog(String servers, LongSupplier clockNs, Consumer<String> log) {
    this.servers = servers;
    this.clockNs = clockNs;
    this.log = log;
  }

  /**
   * Reports a request without an answer.
   *
   * @param askedNs start of the request
   */
  void noAnswer(long askedNs, Throwable why) {
    if (began == null) {
      began = askedNs;
    }
    var now = clockNs.getAsLong();
    if (now - began < LOG_AFTER_NS || (loggedAtNs != null && now - loggedAtNs < LOG_INTERVAL_NS)) {
      return;
    }
    loggedAtNs = now;
    log.accept(
        "waiting: Kafka at %s has not answered for %d s; nothing is lost: %s"
            .formatted(
                servers, Duration.ofNanos(now - began).toSeconds(), FailureHandler.messages(why)));
  }

  /** Reports an answer. */
  void answer() {
    if (began != null && loggedAtNs != null) {
      log.accept(
          "Kafka answers again, after %d s"
              .formatted(Duration.ofNanos(clockNs.getAsLong() - began).toSeconds()));
    }
    began = null;
    loggedAtNs = null;
  }
}
