package dev.sluice.bench;

import dev.sluice.config.SluiceConfig;
import java.nio.file.Path;
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
    var id = prefix + name;
    return settings.apply(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "schema.registry.url",
            "mock://" + prefix,
            "application.id",
            id,
            "topic.prefix",
            id + "-",
            "data.dir",
            folder.resolve(name).toString()));
  }
}
