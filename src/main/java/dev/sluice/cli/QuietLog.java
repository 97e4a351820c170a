package dev.sluice.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Keeps out of a measurement's output what is logged by the page there and means nothing: under
 * load a broker now and then asks a transactional producer to send its batches again, and both say
 * so for each batch. With SLUICE_LOG_LEVEL all is logged as it says.
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
