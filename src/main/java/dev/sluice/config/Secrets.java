package dev.sluice.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Hides secret settings, and secret parts of URLs, in logs and errors. */
public final class Secrets {
  static final String HIDDEN = "[hidden]";

  private static final List<String> SECRET_PARTS =
      List.of("password", "secret", "user.info", "jaas", "token", "key.pem", "headers");

  /** Settings that Kafka's clients treat as secret, such as the PEM in ssl.keystore.key. */
  private static final Set<String> KAFKA_PASSWORDS =
      Stream.of(
              ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef())
          .flatMap(def -> def.configKeys().values().stream())
          .filter(key -> key.type == Type.PASSWORD)
          .map(key -> key.name)
          .collect(Collectors.toUnmodifiableSet());

  private static final Pattern URL_IN_TEXT =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^\\s\"<>]+");

  private static final Pattern URL_CREDENTIALS = Pattern.compile("(?<=//)[^/@\\s]+(?=@)");

  /** Settings that contain addresses of servers. */
  private static final Set<String> ADDRESSES =
      Set.of(
          KafkaKeys.BOOTSTRAP_SERVERS.key(),
          RegistryKeys.SCHEMA_REGISTRY_URL.key(),
          ApiKeys.ADVERTISED_ADDRESS.key());

  private Secrets() {}

  static String shown(String key, String value) {
    if (isSecret(key)) {
      return HIDDEN;
    }
    if (key.equals(ExecutorKeys.PROPERTIES.key())) {
      return HIDDEN; // drivers have many names for passwords, keys and tokens
    }
    if (key.equals(ExecutorKeys.URL.key())) {
      return jdbcUrl(value);
    }
    if (key.equals(ApiKeys.AUTH_JWKS.key())) {
      return url(value);
    }
    if (ADDRESSES.contains(key) && (value.contains("@") || value.contains("?"))) {
      return withoutQuery(address(value));
    }
    return URL_CREDENTIALS.matcher(value).replaceAll(HIDDEN);
  }

  /** Returns a JDBC URL without its parameters, which some drivers put behind a semicolon. */
  private static String jdbcUrl(String value) {
    var semicolon = value.indexOf(';');
    return semicolon < 0 ? url(value) : url(value.substring(0, semicolon)) + ';' + HIDDEN;
  }

  /** Returns each address without the part before its last @; a password may contain one. */
  private static String address(String value) {
    return Arrays.stream(value.split(",", -1))
        .map(Secrets::withoutUser)
        .collect(Collectors.joining(","));
  }

  private static String withoutUser(String one) {
    var at = one.lastIndexOf('@');
    var scheme = one.indexOf("://");
    return at < 0
        ? one
        : (scheme >= 0 && scheme < at ? one.substring(0, scheme + 3) : "")
            + HIDDEN
            + one.substring(at);
  }

  private static String withoutQuery(String one) {
    var query = one.indexOf('?');
    return query < 0 ? one : one.substring(0, query + 1) + HIDDEN;
  }

  /**
   * Returns a URL, or the path of a file, without secrets: the part before the last @ and the part
   * after the first question mark are hidden.
   */
  public static String url(String url) {
    return withoutQuery(withoutUser(url));
  }

  /** Returns a foreign text, such as an error's, with each URL as by {@link #url}. */
  public static String inText(String text) {
    return URL_IN_TEXT
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(url(found.group())));
  }

  /** Hides unknown settings too. */
  static String published(String key, String value) {
    return SluiceConfigDef.setting(key) != null || PassThrough.isKafkaSetting(key)
        ? shown(key, value)
        : HIDDEN;
  }

  static boolean isSecret(String key) {
    var known = SluiceConfigDef.setting(key);
    String name = key.toLowerCase(Locale.ROOT);
    return (known != null && known.isSecret())
        || SECRET_PARTS.stream().anyMatch(name::contains)
        || KAFKA_PASSWORDS.stream().anyMatch(name::endsWith);
  }
}
