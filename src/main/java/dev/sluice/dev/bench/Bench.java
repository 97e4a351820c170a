package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Common data of all measurements of one run. Each measurement has its own topics, application.id
 * and data folder, with a common prefix.
 *
 * @param settings creates a configuration from the user's settings and further ones, which override
 *     them
 * @param bootstrapServers broker of all measurements
 * @param prefix unique prefix of topics and groups
 * @param folder for local state
 * @param rounds number of counted rounds
 * @param warmUp minimum time of the uncounted rounds before them; zero for none
 * @param metrics whether a measured worker has metrics, read every second
 * @param progress receives the progress
 */
public record Bench(
    Function<Map<String, String>, SluiceConfig> settings,
    String bootstrapServers,
    String prefix,
    Path folder,
    int rounds,
    Duration warmUp,
    boolean metrics,
    Progress progress) {

  /** Returns the configuration of one measurement. The registry is inside the process. */
  public SluiceConfig config(String name) {
    return config(name, Map.of());
  }

  /**
   * Returns the configuration with further settings of the measurement, which override all others.
   *
   * @param more by key
   */
  public SluiceConfig config(String name, Map<String, String> more) {
    var id = prefix + name;
    var all = new HashMap<String, String>();
    all.put("bootstrap.servers", bootstrapServers);
    all.put("schema.registry.url", "mock://" + prefix);
    all.put("application.id", id);
    all.put("topic.prefix", id + "-");
    all.put("data.dir", folder.resolve(name).toString());
    all.putAll(more);
    return settings.apply(all);
  }
}
