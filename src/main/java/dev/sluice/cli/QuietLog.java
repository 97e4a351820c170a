package dev.sluice.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Suppresses log lines that are frequent during a measurement and harmless: under load, a broker
 * sometimes asks a transactional producer to resend batches, and both log each batch. With
 * SLUICE_LOG_LEVEL, everything is logged at that level.
 */
public final class QuietLog {
  private static final Map<String, Level> LEVELS =
      Map.of(
          "dev.sluice", Level.WARN,
          "kafka.server.DefaultAutoTopicCreationManager", Level.ERROR,
          "kafka.server.ReplicaManager", Level.OFF,
          "org.apache.kafka.clients.producer.internals.Sender", Level.ERROR,
          "org.apache.kafka.streams.processor.internals.StateDirectory", Level.ERROR);

  private QuietLog() {}

  public static void begin() {
    if (System.getenv("SLUICE_LOG_LEVEL") == null) {
      LEVELS.forEach(
          (name, level) -> {
            if (LoggerFactory.getLogger(name) instanceof Logger logger) {
              logger.setLevel(level);
            }
          });
    }
  }
}
