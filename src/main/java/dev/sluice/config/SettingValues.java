package dev.sluice.config;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/** Holds settings against what they may be. */
final class SettingValues {
  private static final String OWN_SERIALIZERS = "dev.sluice.registry.";

  private SettingValues() {}

  /** Fails for the first setting that cannot be used. */
  static void check(Map<String, Setting> settings) {
    for (Setting setting : settings.values()) {
      ConfigKey key = SluiceConfigDef.key(setting.key());
      if (key != null) {
        check(setting, key);
      } else if (PassThrough.isPassThrough(setting.key())) {
        PassThrough.requireHarmless(setting);
      }
    }
    PassThrough.requireHeard(settings);
    checkCredentials(settings);
    if (isOwn(settings, RegistryKeys.SERIALIZER_CLASS_CONFIG)
        || isOwn(settings, RegistryKeys.DESERIALIZER_CLASS_CONFIG)) {
      checkForOwnSerializers(settings);
    }
  }

  private static boolean isOwn(Map<String, Setting> settings, String key) {
    Setting setting = settings.get(key);
    return setting == null || setting.value().startsWith(OWN_SERIALIZERS);
  }

  /** Refuses what Sluice's own serializers would pass over in silence. */
  private static void checkForOwnSerializers(Map<String, Setting> settings) {
    for (Setting setting : settings.values()) {
      boolean inherits =
          setting.key().equals(RegistryKeys.CREDENTIALS_SOURCE_CONFIG)
              && setting.value().equals(RegistryKeys.SASL_SOURCE);
      if (inherits || RegistryKeys.isExtra(setting.key())) {
        throw new InvalidConfigException(
            setting.subject()
                + ", which only Confluent's serializers know; "
                + (inherits ? "set it to USER_INFO" : RegistryKeys.insteadOf(setting.key()))
                + ", or set "
                + RegistryKeys.SERIALIZER_CLASS_CONFIG
                + " and "
                + RegistryKeys.DESERIALIZER_CLASS_CONFIG
                + " to Confluent's.");
      }
    }
  }

  /** What ConfigDef parses: the settings that are Sluice's own. */
  static Map<String, String> own(Map<String, Setting> settings) {
    var own = new HashMap<String, String>();
    settings.forEach(
        (key, setting) -> {
          if (SluiceConfigDef.key(key) != null) {
            own.put(key, setting.value());
          }
        });
    return own;
  }

  private static void check(Setting setting, ConfigKey key) {
    try {
      Object value = ConfigDef.parseType(key.name, setting.value(), key.type);
      key.validator.ensureValid(key.name, value);
    } catch (ConfigException e) {
      // Without the cause: its message holds the value, which may be secret.
      throw new InvalidConfigException(
          setting.subject() + "; it must be " + ((Allowed) key.validator).words() + ".");
    }
  }

  private static void checkCredentials(Map<String, Setting> settings) {
    Setting source = settings.get(RegistryKeys.CREDENTIALS_SOURCE_CONFIG);
    if (source != null
        && source.value().equals(RegistryKeys.USER_INFO_SOURCE)
        && !settings.containsKey(RegistryKeys.USER_INFO_CONFIG)) {
      throw new InvalidConfigException(
          source.subject()
              + ", which needs "
              + RegistryKeys.USER_INFO_CONFIG
              + "; set it to user:password.");
    }
  }
}
