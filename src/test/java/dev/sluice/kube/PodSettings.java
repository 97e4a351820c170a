package dev.sluice.kube;

import dev.sluice.config.SluiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;

/** Checks the configuration that a pod's variables give to the worker. */
final class PodSettings {
  /** Where the secret's files are in a pod. */
  static final String SECRETS = "/run/secrets/sluice";

  private PodSettings() {}

  /**
   * The settings.
   *
   * @param variables the container's environment
   * @param secrets a folder whose files take the place of the secret's
   */
  static SluiceConfig load(Map<String, String> variables, Path secrets) throws IOException {
    Files.writeString(secrets.resolve("credentials.properties"), "jaas=planted\n");
    var environment = new LinkedHashMap<String, String>();
    variables.forEach(
        (key, value) -> environment.put(key, value.replace(SECRETS, secrets.toString())));
    var config = SluiceConfig.load(null, environment, List.of());
    // Streams checks the settings that are passed through.
    new StreamsConfig(config.streamsConfig());
    return config;
  }
}
