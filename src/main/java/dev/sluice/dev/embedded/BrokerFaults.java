package dev.sluice.dev.embedded;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.internals.Exit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between a broker's fault and the process: where Kafka would end the JVM, the broker's
 * thread ends instead, and whoever runs a broker here is told.
 *
 * <p>Kafka's exit procedures are global, so a fault cannot be laid to one broker of several: all
 * are told.
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

  /** The procedures stay set: threads of a broker that was closed may still run into them. */
  static void forget(Consumer<EmbeddedKafkaException> listener) {
    LISTENERS.remove(listener);
  }

  private static void stop(int status, @Nullable String message) {
    var fault =
        new EmbeddedKafkaException(
            "The broker inside the process gave up (status "
                + status
                + (message == null ? "" : ": " + message)
                + "); what it logged before says why.");
    if (!LISTENERS.isEmpty()) {
      LOG.error("{}", fault.getMessage());
      LISTENERS.forEach(listener -> listener.accept(fault));
    }
    // Kafka's code after an exit is written never to be reached.
    throw fault;
  }
}
