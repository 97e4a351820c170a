package dev.sluice.config;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Tells which settings nobody may read in logs and errors. */
final class Secrets {
  static final String HIDDEN = "[hidden]";

  private static final List<String> TELLING_PARTS =
      List.of("password", "secret", "user.info", "jaas", "token", "key.pem", "headers");

  /** What Kafka's clients hold to be secret, such as the PEM in ssl.keystore.key. */
  private static final Set<String> KAFKA_PASSWORDS =
      Stream.of(
              ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef())
          .flatMap(def -> def.configKeys().values().stream())
          .filter(key -> key.type == Type.PASSWORD)
          .map(key -> key.name)
          .collect(Collectors.toUnmodifiableSet());

  private static final Pattern URL_CREDENTIALS = Pattern.compile("(?<=//)[^/@\\s]+(?=@)");

  private Secrets() {}

  static String shown(String key, String value) {
    return isSecret(key) ? HIDDEN : URL_CREDENTIALS.matcher(value).replaceAll(HIDDEN);
  }

  /** Hides also what nobody knows the meaning of. */
  static String published(String key, String value) {
    return SluiceConfigDef.key(key) != null || PassThrough.isKafkas(key)
        ? shown(key, value)
        : HIDDEN;
  }

  static boolean isSecret(String key) {
    var known = SluiceConfigDef.key(key);
    String name = key.toLowerCase(Locale.ROOT);
    return (known != null && known.type == Type.PASSWORD)
        || TELLING_PARTS.stream().anyMatch(name::contains)
        || KAFKA_PASSWORDS.stream().anyMatch(name::endsWith);
  }
}
