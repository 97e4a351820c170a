package dev.sluice.registry;

import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whom a registry's client trusts, and who it says it is. The keys are those of Kafka's clients
 * behind {@value #PREFIX}, as Confluent's serializers have them; Kafka's own code reads them.
 */
final class RegistryTls {
  static final String PREFIX = "schema.registry.";
  private static final String SSL = "ssl.";

  private RegistryTls() {}

  /**
   * What to make connections with; null where nothing is configured, and Java's own defaults hold.
   *
   * @param configs keys without {@value #PREFIX}; those that do not begin with ssl. are ignored
   * @throws ConfigException when a store cannot be used; its message holds no secret
   */
  static @Nullable SSLContext context(Map<String, ?> configs) {
    Map<String, Object> given = new HashMap<>();
    configs.forEach(
        (key, value) -> {
          if (key.startsWith(SSL)) {
            given.put(key, value);
          }
        });
    if (given.isEmpty()) {
      return null;
    }
    ConfigDef definition = new ConfigDef();
    SslConfigs.addClientSslSupport(definition);
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(definition.parse(given));
      return factory.sslContext();
    } catch (KafkaException e) {
      throw new ConfigException(
          "The TLS settings "
              + PREFIX
              + SSL
              + "… cannot be used ("
              + messages(e)
              + "): check the files, their passwords, and that the type is PEM for PEM files");
    }
  }

  /** Without what an exception's own text says beside its message. */
  private static String messages(Throwable error) {
    StringBuilder text = new StringBuilder();
    for (Throwable e = error; e != null; e = e.getCause()) {
      String message = e.getMessage();
      if (message != null && text.indexOf(message) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(message);
      }
    }
    return text.toString();
  }
}
