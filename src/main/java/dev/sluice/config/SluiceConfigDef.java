package dev.sluice.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/** Every setting of Sluice, in the order of the documentation. */
final class SluiceConfigDef {
  private static final List<SettingGroup> GROUPS =
      List.of(
          KafkaKeys.GROUP,
          RegistryKeys.GROUP,
          WorkerKeys.GROUP,
          WorkerKeys.STATE_GROUP,
          DeliveryKeys.GROUP,
          ExecutorKeys.GROUP,
          HttpKeys.GROUP,
          ApiKeys.GROUP,
          LogKeys.GROUP);

  private static final Map<String, Setting<?>> SETTINGS = new LinkedHashMap<>();
  private static final ConfigDef KAFKA_DEF = new ConfigDef();

  static {
    for (var group : GROUPS) {
      for (var setting : group.settings()) {
        if (SETTINGS.put(setting.key(), setting) != null) {
          throw new IllegalStateException(setting + " is defined twice");
        }
        setting.define(KAFKA_DEF, SETTINGS.size());
      }
    }
  }

  private SluiceConfigDef() {}

  static ConfigDef kafkaDef() {
    return KAFKA_DEF;
  }

  static Map<String, Setting<?>> settings() {
    return SETTINGS;
  }

  static @Nullable Setting<?> setting(String key) {
    return SETTINGS.get(key);
  }
}
