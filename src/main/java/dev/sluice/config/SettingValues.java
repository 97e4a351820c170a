package dev.sluice.config;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

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
      String instead = instead(setting);
      if (instead != null) {
        throw new InvalidConfigException(
            setting.subject()
                + ", which only Confluent's serializers know; "
                + instead
                + ", or set "
                + RegistryKeys.SERIALIZER_CLASS_CONFIG
                + " and "
                + RegistryKeys.DESERIALIZER_CLASS_CONFIG
                + " to Confluent's.");
      }
    }
  }

  /** What to do in place of it, as an order; null where Sluice's own know it. */
  private static @Nullable String instead(Setting setting) {
    if (setting.key().equals(RegistryKeys.CREDENTIALS_SOURCE_CONFIG)) {
      return setting.value().equals(RegistryKeys.SASL_SOURCE)
          ? "set it to " + RegistryKeys.USER_INFO_SOURCE
          : null;
    }
    if (setting.key().equals(RegistryKeys.BEARER_SOURCE_CONFIG)) {
      return setting.value().equals(RegistryKeys.STATIC_TOKEN_SOURCE)
          ? null
          : "set it to " + RegistryKeys.STATIC_TOKEN_SOURCE;
    }
    return RegistryKeys.isExtra(setting.key()) ? RegistryKeys.insteadOf(setting.key()) : null;
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
    requireBeside(
        settings,
        RegistryKeys.CREDENTIALS_SOURCE_CONFIG,
        RegistryKeys.USER_INFO_SOURCE,
        RegistryKeys.USER_INFO_CONFIG,
        "user:password");
    requireBeside(
        settings,
        RegistryKeys.BEARER_SOURCE_CONFIG,
        RegistryKeys.STATIC_TOKEN_SOURCE,
        RegistryKeys.BEARER_TOKEN_CONFIG,
        "the token");
    Setting bearer = settings.get(RegistryKeys.BEARER_SOURCE_CONFIG);
    Setting basic = settings.get(RegistryKeys.CREDENTIALS_SOURCE_CONFIG);
    if (bearer != null && basic != null) {
      throw new InvalidConfigException(
          "%s, and %s; a registry is told one of both: remove one."
              .formatted(bearer.subject(), basic.subject()));
    }
    Setting token = settings.get(RegistryKeys.BEARER_TOKEN_CONFIG);
    if (token != null && bearer == null) {
      throw new InvalidConfigException(
          "%s, which is sent only where %s is %s; set that too."
              .formatted(
                  token.subject(),
                  RegistryKeys.BEARER_SOURCE_CONFIG,
                  RegistryKeys.STATIC_TOKEN_SOURCE));
    }
  }

  /** Refuses a source of credentials without the credentials. */
  private static void requireBeside(
      Map<String, Setting> settings, String key, String source, String needed, String form) {
    Setting setting = settings.get(key);
    if (setting != null && setting.value().equals(source) && !settings.containsKey(needed)) {
      throw new InvalidConfigException(
          setting.subject() + ", which needs " + needed + "; set it to " + form + ".");
    }
  }
}
