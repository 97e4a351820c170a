package dev.sluice.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/** Every setting that Sluice knows by itself, in the order of the documentation. */
final class SluiceConfigDef {
  private static final SluiceConfigDef INSTANCE = new SluiceConfigDef();

  static {
    KafkaKeys.define(INSTANCE);
    RegistryKeys.define(INSTANCE);
    WorkerKeys.define(INSTANCE);
    HttpKeys.define(INSTANCE);
    ApiKeys.define(INSTANCE);
    LogKeys.define(INSTANCE);
  }

  private final ConfigDef kafkaDef = new ConfigDef();
  private final Map<String, ConfigKey> keys = new LinkedHashMap<>();

  private SluiceConfigDef() {}

  static ConfigDef kafkaDef() {
    return INSTANCE.kafkaDef;
  }

  static Map<String, ConfigKey> keys() {
    return INSTANCE.keys;
  }

  static @Nullable ConfigKey key(String name) {
    return INSTANCE.keys.get(name);
  }

  /** A key's default as it would be written in a file. */
  static String standard(ConfigKey key) {
    return ConfigDef.convertToString(key.defaultValue, key.type);
  }

  Group group(String name) {
    return new Group(name);
  }

  /** Adds the settings of one heading of the documentation. */
  final class Group {
    private final String name;
    private int size;

    private Group(String name) {
      this.name = name;
    }

    Group add(String key, Type type, @Nullable Object standard, Allowed allowed, String doc) {
      kafkaDef.define(
          key, type, standard, allowed, Importance.MEDIUM, doc, name, ++size, Width.NONE, key);
      keys.put(key, kafkaDef.configKeys().get(key));
      return this;
    }
  }
}
