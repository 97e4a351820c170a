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
 * TLS of a registry's client: trusted certificates and the client's own. The keys are those of
 * Kafka's clients behind {@value #PREFIX}, as in Confluent's serializers; Kafka's own code reads
 * them.
 */
final class RegistryTls {
  static final String PREFIX = "schema.registry.";
  private static final String SSL = "ssl.";

  private RegistryTls() {}

  /**
   * Returns the TLS context for connections; null for Java's defaults if nothing is configured.
   *
   * @param configs keys without {@value #PREFIX}; those that do not begin with ssl. are ignored
   * @throws ConfigException if a store cannot be used; its message contains no secret
   */
  static @Nullable SSLContext context(Map<String, ?> configs) {
    Map<String, Object> settings = new HashMap<>();
    configs.forEach(
        (key, value) -> {
          if (key.startsWith(SSL)) {
            settings.put(key, value);
          }
        });
    if (settings.isEmpty()) {
      return null;
    }
    ConfigDef definition = new ConfigDef();
    SslConfigs.addClientSslSupport(definition);
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(definition.parse(settings));
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

  /** Returns the messages only, without other text of the exceptions. */
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
