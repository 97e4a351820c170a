package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What all measurements of one run share. Each measurement has topics, an application.id and a data
 * folder of its own, whose names begin alike.
 *
 * @param settings makes a configuration of the user's settings and a few more, which outrank them
 * @param bootstrapServers the broker that all measure on
 * @param prefix begins the name of every topic and group, and tells them from others'
 * @param folder for local state
 * @param rounds how many count
 * @param metrics whether a worker is measured while its metrics are kept, and read every second
 * @param progress where it is said how far things are
 */
public record Bench(
    Function<Map<String, String>, SluiceConfig> settings,
    String bootstrapServers,
    String prefix,
    Path folder,
    int rounds,
    boolean metrics,
    Progress progress) {

  /** The configuration of one measurement. The registry is inside the process. */
  public SluiceConfig config(String name) {
    return config(name, Map.of());
  }

  /**
   * The same with more settings of the measurement's own, which outrank all others.
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
