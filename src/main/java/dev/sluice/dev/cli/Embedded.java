package dev.sluice.dev.cli;

import dev.sluice.cli.DevelopmentTools;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.RegistryKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaException;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.folder.PrivateFolder;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A broker and a registry with persistent data in this process, for development. */
final class Embedded implements DevelopmentTools.Servers {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final EmbeddedKafka kafka;
  private final RegistryServer registry;
  private final Path folder;

  private Embedded(EmbeddedKafka kafka, RegistryServer registry, Path folder) {
    this.kafka = kafka;
    this.registry = registry;
    this.folder = folder;
  }

  /** Starts both on the configured ports. */
  static Embedded start(SluiceConfig config) {
    var broker = port("bootstrap.servers", "kafka://" + config.bootstrapServers());
    var rest =
        port("schema.registry.url", String.join(",", config.get(RegistryKeys.SCHEMA_REGISTRY_URL)));
    var folder = config.dataDir().resolve("embedded");
    try {
      PrivateFolder.make(config.dataDir());
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new InvalidConfigException(
          "data.dir is %s, which cannot be used for data: %s".formatted(config.dataDir(), e));
    }
    var kafka = broker(folder, broker);
    try {
      return new Embedded(
          kafka, RegistryServer.start(rest, folder.resolve("schemas.json")), folder);
    } catch (IOException e) {
      kafka.close();
      throw new InvalidConfigException(
          "%s; free it, or set schema.registry.url to another port of localhost"
              .formatted(e.getMessage()));
    }
  }

  private static EmbeddedKafka broker(Path folder, int port) {
    try {
      return EmbeddedKafka.start(
          EmbeddedKafkaSettings.lasting(folder.resolve("kafka")).withBrokerPort(port));
    } catch (EmbeddedKafkaException e) {
      if (e.getCause() instanceof BindException) {
        throw new InvalidConfigException(
            ("port %d of localhost is already in use: free it, or set bootstrap.servers to another"
                    + " port of localhost, on which the broker in this process is then opened")
                .formatted(port));
      }
      throw e;
    }
  }

  private static int port(String key, String url) {
    try {
      var uri = URI.create(url);
      if (LOOPBACK.contains(String.valueOf(uri.getHost())) && uri.getPort() > 0) {
        return uri.getPort();
      }
    } catch (IllegalArgumentException e) {
      // Reported below.
    }
    throw new InvalidConfigException(
        "%s is %s, but with --embedded it must be one port of localhost, like localhost:%s"
            .formatted(key, url.replace("kafka://", ""), key.startsWith("b") ? "9092" : "8081"));
  }

  @Override
  public CompletionStage<EmbeddedKafkaException> fault() {
    return kafka.fault();
  }

  @Override
  public String toString() {
    return "for development: a broker at %s and a schema registry at %s in this process, data in %s"
        .formatted(kafka.bootstrapServers(), registry.url(), folder.toAbsolutePath().normalize());
  }

  @Override
  public void close() {
    registry.close();
    kafka.close();
  }
}
