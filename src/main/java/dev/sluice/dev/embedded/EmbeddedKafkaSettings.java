package dev.sluice.dev.embedded;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be chosen about an {@link EmbeddedKafka}.
 *
 * @param dataFolder where topics are kept; null for a temporary folder that closing removes
 * @param brokerPort the port that clients connect to; 0 for any free one
 * @param controllerPort the port the broker speaks to its own controller on; 0 for any free one
 * @param partitions how many partitions a topic gets whose creator does not say
 * @param properties the broker's own settings, which outrank what it would be given
 */
public record EmbeddedKafkaSettings(
    @Nullable Path dataFolder,
    int brokerPort,
    int controllerPort,
    int partitions,
    Map<String, String> properties) {

  private static final int PORT_MAX = 65_535;

  public EmbeddedKafkaSettings {
    properties = Map.copyOf(properties);
    requirePort("broker", brokerPort);
    requirePort("controller", controllerPort);
    if (brokerPort != 0 && brokerPort == controllerPort) {
      throw new IllegalArgumentException(
          "The broker port and the controller port are both " + brokerPort + "; they must differ.");
    }
    if (partitions < 1) {
      throw new IllegalArgumentException("A topic has at least 1 partition, not " + partitions);
    }
  }

  /** A broker that leaves nothing behind, on free ports. */
  public static EmbeddedKafkaSettings temporary() {
    return new EmbeddedKafkaSettings(null, 0, 0, 1, Map.of());
  }

  /** A broker that keeps its topics in the given folder, on free ports. */
  public static EmbeddedKafkaSettings lasting(Path dataFolder) {
    return new EmbeddedKafkaSettings(dataFolder, 0, 0, 1, Map.of());
  }

  public EmbeddedKafkaSettings withBrokerPort(int port) {
    return new EmbeddedKafkaSettings(dataFolder, port, controllerPort, partitions, properties);
  }

  public EmbeddedKafkaSettings withControllerPort(int port) {
    return new EmbeddedKafkaSettings(dataFolder, brokerPort, port, partitions, properties);
  }

  public EmbeddedKafkaSettings withPartitions(int count) {
    return new EmbeddedKafkaSettings(dataFolder, brokerPort, controllerPort, count, properties);
  }

  /** With settings by Kafka's names, as a broker with rights or credentials needs them. */
  public EmbeddedKafkaSettings withProperties(Map<String, String> own) {
    return new EmbeddedKafkaSettings(dataFolder, brokerPort, controllerPort, partitions, own);
  }

  private static void requirePort(String whose, int port) {
    if (port < 0 || port > PORT_MAX) {
      throw new IllegalArgumentException(
          "The " + whose + " port is between 0 and " + PORT_MAX + ", not " + port);
    }
  }
}
