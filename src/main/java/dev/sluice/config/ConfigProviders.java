package dev.sluice.config;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Resolves references such as <code>${file:/run/secrets/kafka.properties:password}</code> with
 * Kafka's config providers. The providers file, dir and env need only be named in config.providers;
 * others need their class too.
 */
final class ConfigProviders implements AutoCloseable {
  private static final String EACH = KnownKeys.PROVIDERS + ".";

  private final Map<String, ConfigProvider> providers = new HashMap<>();

  private ConfigProviders() {}

  /** Returns the settings with every reference resolved. */
  static Map<String, Assignment> resolve(
      Map<String, Assignment> settings, Map<String, String> environment) {
    try (var providers = new ConfigProviders()) {
      Assignment named = settings.get(KnownKeys.PROVIDERS);
      if (named != null) {
        for (String name : named.value().split(",", -1)) {
          providers.add(name.strip(), named, settings, environment);
        }
      }
      var resolved = new LinkedHashMap<String, Assignment>();
      settings.forEach((key, setting) -> resolved.put(key, providers.resolve(setting)));
      return resolved;
    }
  }

  @Override
  public void close() {
    for (ConfigProvider provider : providers.values()) {
      try {
        provider.close();
      } catch (IOException e) {
        throw new InvalidConfigException("cannot close a config provider: " + e, e);
      }
    }
  }

  private void add(
      String name,
      Assignment named,
      Map<String, Assignment> settings,
      Map<String, String> environment) {
    try {
      ConfigProvider provider = create(name, settings.get(EACH + name + ".class"), environment);
      providers.put(name, provider);
      provider.configure(PassThrough.withPrefix(EACH + name + ".param.", settings));
    } catch (ReflectiveOperationException | ClassCastException e) {
      var cause = e instanceof InvocationTargetException ? e.getCause() : e;
      throw new InvalidConfigException(
          named.subject()
              + ", but the provider "
              + name
              + " cannot be created ("
              + cause
              + "); "
              + EACH
              + name
              + ".class must be the full name of a ConfigProvider.",
          e);
    }
  }

  private static ConfigProvider create(
      String name, @Nullable Assignment type, Map<String, String> environment)
      throws ReflectiveOperationException {
    String typeName = type == null ? standardType(name) : type.value();
    if (typeName.equals(EnvVarConfigProvider.class.getName())) {
      return new EnvVarConfigProvider(environment);
    }
    return Class.forName(typeName)
        .asSubclass(ConfigProvider.class)
        .getDeclaredConstructor()
        .newInstance();
  }

  private static String standardType(String name) throws ClassNotFoundException {
    return switch (name) {
      case "file" -> FileConfigProvider.class.getName();
      case "dir" -> DirectoryConfigProvider.class.getName();
      case "env" -> EnvVarConfigProvider.class.getName();
      default -> throw new ClassNotFoundException("the class is missing");
    };
  }

  private Assignment resolve(Assignment setting) {
    if (!ConfigTransformer.DEFAULT_PATTERN.matcher(setting.written()).find()) {
      return setting;
    }
    String value;
    try {
      var single = Map.of(setting.key(), setting.written());
      value = new ConfigTransformer(providers).transform(single).data().get(setting.key());
    } catch (RuntimeException e) {
      throw new InvalidConfigException(
          setting.key()
              + " ("
              + setting.origin()
              + ") refers to a value that its config provider cannot read: "
              + e.getMessage(),
          e);
    }
    // The transformer keeps references that it cannot resolve.
    Matcher left = ConfigTransformer.DEFAULT_PATTERN.matcher(setting.written());
    while (left.find()) {
      if (value == null || value.contains(left.group())) {
        throw new InvalidConfigException(
            setting.key()
                + " ("
                + setting.origin()
                + ") refers to "
                + left.group()
                + ", which no provider of config.providers resolves.");
      }
    }
    return setting.resolvedTo(value == null ? "" : value);
  }
}
