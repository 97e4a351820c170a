package dev.sluice.config;

import dev.sluice.registry.RegistryConfig;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Checks the values of settings. */
final class SettingValues {
  private static final String OWN_SERIALIZERS = "dev.sluice.registry.";

  private SettingValues() {}

  /** Fails for the first invalid setting. */
  static void check(Map<String, Assignment> settings) {
    for (Assignment setting : settings.values()) {
      var key = SluiceConfigDef.setting(setting.key());
      if (key != null) {
        check(setting, key);
      } else if (PassThrough.isPassThrough(setting.key())) {
        PassThrough.requireNotReserved(setting);
      }
    }
    PassThrough.requireEffective(settings);
    checkCredentials(settings);
    if (isOwn(settings, RegistryKeys.SERIALIZER_CLASS)
        || isOwn(settings, RegistryKeys.DESERIALIZER_CLASS)) {
      checkForOwnSerializers(settings);
    }
  }

  private static boolean isOwn(Map<String, Assignment> settings, Setting<String> key) {
    Assignment setting = settings.get(key.key());
    return setting == null || setting.value().startsWith(OWN_SERIALIZERS);
  }

  /** Rejects settings that Sluice's own serializers would ignore silently. */
  private static void checkForOwnSerializers(Map<String, Assignment> settings) {
    for (Assignment setting : settings.values()) {
      String instead = instead(setting);
      if (instead != null) {
        throw new InvalidConfigException(
            setting.subject()
                + ", which only Confluent's serializers support; "
                + instead
                + ", or set "
                + RegistryKeys.SERIALIZER_CLASS
                + " and "
                + RegistryKeys.DESERIALIZER_CLASS
                + " to Confluent's.");
      }
    }
  }

  /** Returns the remedy for such a setting; null if Sluice's own serializers know it. */
  private static @Nullable String instead(Assignment setting) {
    if (setting.key().equals(RegistryKeys.CREDENTIALS_SOURCE.key())) {
      return setting.value().equals(RegistryConfig.SASL_SOURCE)
          ? "set it to " + RegistryConfig.USER_INFO_SOURCE
          : null;
    }
    if (setting.key().equals(RegistryKeys.BEARER_SOURCE.key())) {
      return setting.value().equals(RegistryConfig.STATIC_TOKEN_SOURCE)
          ? null
          : "set it to " + RegistryConfig.STATIC_TOKEN_SOURCE;
    }
    return RegistryKeys.isExtra(setting.key()) ? RegistryKeys.insteadOf(setting.key()) : null;
  }

  /** Returns the input of ConfigDef: Sluice's own settings. */
  static Map<String, String> own(Map<String, Assignment> settings) {
    var own = new HashMap<String, String>();
    settings.forEach(
        (key, setting) -> {
          if (SluiceConfigDef.setting(key) != null) {
            own.put(key, setting.value());
          }
        });
    return own;
  }

  private static void check(Assignment assignment, Setting<?> setting) {
    try {
      setting.check(assignment.value());
    } catch (ConfigException e) {
      // Without the cause: its message contains the value, which may be secret.
      throw new InvalidConfigException(
          assignment.subject() + "; it must be " + setting.allowed() + ".");
    }
  }

  private static void checkCredentials(Map<String, Assignment> settings) {
    requireBeside(
        settings,
        RegistryKeys.CREDENTIALS_SOURCE,
        RegistryConfig.USER_INFO_SOURCE,
        RegistryKeys.USER_INFO,
        "user:password");
    requireBeside(
        settings,
        RegistryKeys.BEARER_SOURCE,
        RegistryConfig.STATIC_TOKEN_SOURCE,
        RegistryKeys.BEARER_TOKEN,
        "the token");
    Assignment bearer = settings.get(RegistryKeys.BEARER_SOURCE.key());
    Assignment basic = settings.get(RegistryKeys.CREDENTIALS_SOURCE.key());
    if (bearer != null && basic != null) {
      throw new InvalidConfigException(
          "%s, and %s; the registry accepts only one of the two: remove one."
              .formatted(bearer.subject(), basic.subject()));
    }
    Assignment token = settings.get(RegistryKeys.BEARER_TOKEN.key());
    if (token != null && bearer == null) {
      throw new InvalidConfigException(
          "%s, which is sent only where %s is %s; set that too."
              .formatted(
                  token.subject(), RegistryKeys.BEARER_SOURCE, RegistryConfig.STATIC_TOKEN_SOURCE));
    }
  }

  /** Rejects a credentials source without the credentials. */
  private static void requireBeside(
      Map<String, Assignment> settings,
      Setting<String> key,
      String source,
      Setting<?> needed,
      String form) {
    Assignment setting = settings.get(key.key());
    if (setting != null && setting.value().equals(source) && !settings.containsKey(needed.key())) {
      throw new InvalidConfigException(
          setting.subject() + ", which needs " + needed + "; set it to " + form + ".");
    }
  }
}
