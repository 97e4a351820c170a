package dev.sluice.cli;

import dev.sluice.config.SluiceConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Configuration options of every command that connects to Kafka. */
public final class ConfigOptions {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Properties file; docs/configuration.md lists the keys.")
  private @Nullable Path file;

  @Option(
      names = "-o",
      paramLabel = "KEY=VALUE",
      description = "One setting; overrides the file and the environment (SLUICE_…). Repeatable.")
  private List<String> overrides = new ArrayList<>();

  /** Returns the configuration from all sources. */
  public SluiceConfig load() {
    return load(Map.of());
  }

  /** Returns the configuration with additional settings, which override all others. */
  public SluiceConfig load(Map<String, String> more) {
    var all = new ArrayList<>(overrides);
    more.forEach((key, value) -> all.add(key + "=" + value));
    return SluiceConfig.load(file, System.getenv(), all);
  }
}
