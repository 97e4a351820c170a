package dev.sluice.config;

import java.util.Optional;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Finds misspelled setting keys. */
final class KnownKeys {
  static final String PROVIDERS = AbstractConfig.CONFIG_PROVIDERS_CONFIG;

  /** Maximum number of edits; more would be another word. */
  private static final int EDITS_MAX = 3;

  private KnownKeys() {}

  static void require(Assignment setting) {
    String key = setting.key();
    if (!isKnown(key)) {
      SettingSource settingSource = setting.origin();
      throw new InvalidConfigException(
          key
              + " ("
              + settingSource
              + ") is not a setting"
              + suggest(key, settingSource)
                  .map(near -> "; did you mean " + near + "?")
                  .orElse("; docs/configuration.md lists all settings."));
    }
  }

  private static boolean isKnown(String key) {
    return SluiceConfigDef.setting(key) != null
        || RegistryKeys.isExtra(key)
        || PassThrough.isPassThrough(key)
        || key.equals(PROVIDERS)
        || key.startsWith(PROVIDERS + ".");
  }

  /** Returns the key that was probably meant, in the notation of its source. */
  private static Optional<String> suggest(String key, SettingSource settingSource) {
    String own = PassThrough.SLUICE_KEYS.get(key);
    if (own != null) {
      return Optional.of(settingSource.spell(own));
    }
    if (!PassThrough.FIXED.contains(key) && isClientName(key)) {
      return Optional.of(settingSource.spell(PassThrough.KAFKA_PREFIX + key));
    }
    if (!PassThrough.FIXED.contains(key) && StreamsConfig.configDef().names().contains(key)) {
      return Optional.of(settingSource.spell(PassThrough.STREAMS_PREFIX + key));
    }
    var candidates =
        SluiceConfigDef.settings().keySet().stream().map(settingSource::spell).toList();
    // A short key becomes another word with fewer edits.
    return NearestWord.of(
        settingSource.spell(key), candidates, Math.min(EDITS_MAX, key.length() / 3));
  }

  private static boolean isClientName(String key) {
    return ProducerConfig.configNames().contains(key)
        || ConsumerConfig.configNames().contains(key)
        || AdminClientConfig.configNames().contains(key);
  }
}
