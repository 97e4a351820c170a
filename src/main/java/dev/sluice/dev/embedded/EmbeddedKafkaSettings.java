package dev.sluice.dev.embedded;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of an {@link EmbeddedKafka}.
 *
 * @param dataFolder folder of topics; null for a temporary folder that closing removes
 * @param brokerPort port for clients; 0 for any free one
 * @param controllerPort port between broker and controller; 0 for any free one
 * @param partitions default number of partitions of a topic
 * @param properties the broker's own settings, which override the defaults
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

  /** Returns settings of a temporary broker on free ports. */
  public static EmbeddedKafkaSettings temporary() {
    return new EmbeddedKafkaSettings(null, 0, 0, 1, Map.of());
  }

  /** Returns settings of a broker with a persistent folder, on free ports. */
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

  /** Returns these settings with further broker settings, for example for rights or credentials. */
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
