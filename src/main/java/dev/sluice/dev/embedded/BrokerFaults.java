package dev.sluice.dev.embedded;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.internals.Exit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles a broker's fault: where Kafka would end the JVM, the broker's thread ends instead, and
 * listeners are notified.
 *
 * <p>Kafka's exit procedures are global, so a fault cannot be assigned to one of several brokers:
 * all listeners are notified.
 */
final class BrokerFaults {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerFaults.class);
  private static final Set<Consumer<EmbeddedKafkaException>> LISTENERS =
      ConcurrentHashMap.newKeySet();

  private BrokerFaults() {}

  static void listen(Consumer<EmbeddedKafkaException> listener) {
    Exit.setExitProcedure(BrokerFaults::stop);
    Exit.setHaltProcedure(BrokerFaults::stop);
    LISTENERS.add(listener);
  }

  /** Keeps the procedures: threads of a closed broker may still call them. */
  static void forget(Consumer<EmbeddedKafkaException> listener) {
    LISTENERS.remove(listener);
  }

  private static void stop(int status, @Nullable String message) {
    var fault =
        new EmbeddedKafkaException(
            "The broker inside the process failed (status "
                + status
                + (message == null ? "" : ": " + message)
                + "); its earlier log lines have the reason.");
    if (!LISTENERS.isEmpty()) {
      LOG.error("{}", fault.getMessage());
      LISTENERS.forEach(listener -> listener.accept(fault));
    }
    // Kafka's code never returns from an exit.
    throw fault;
  }
}
