package dev.sluice.registry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigException;

/** Selects the registry of a configuration. */
public final class SchemaRegistries {
  private static final String MOCK = "mock://";

  private SchemaRegistries() {}

  /**
   * Returns a registry for the caller alone, who closes it: one of {@link InProcessRegistries} for
   * {@code mock://scope}, else {@link HttpSchemaRegistry}.
   *
   * @param configs {@link RegistryConfig}'s keys, others being ignored
   * @throws ConfigException if the configuration is not usable
   */
  public static SchemaRegistry from(Map<String, ?> configs) {
    return from(new RegistryConfig(configs));
  }

  static SchemaRegistry from(RegistryConfig config) {
    return from(
        config,
        ServiceLoader.load(InProcessRegistries.class, InProcessRegistries.class.getClassLoader())
            .findFirst());
  }

  static SchemaRegistry from(RegistryConfig config, Optional<InProcessRegistries> inProcess) {
    List<String> urls = config.urls();
    if (urls.stream().noneMatch(url -> url.startsWith(MOCK))) {
      return new HttpSchemaRegistry(config);
    }
    if (urls.size() > 1) {
      throw new ConfigException(
          RegistryConfig.URL + ": " + MOCK + "scope must be the only URL, but there are others");
    }
    String scope = urls.getFirst().substring(MOCK.length());
    if (scope.isEmpty()) {
      throw new ConfigException(RegistryConfig.URL + ": " + MOCK + " lacks a scope");
    }
    return inProcess
        .orElseThrow(
            () ->
                new ConfigException(
                    RegistryConfig.URL
                        + ": "
                        + MOCK
                        + " is for development and not in this installation;"
                        + " give the registry's base URL"))
        .of(scope);
  }
}
