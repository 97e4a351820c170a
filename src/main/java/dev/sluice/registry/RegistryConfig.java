package dev.sluice.registry;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of registry clients, serializers and deserializers, under Confluent's names.
 * Keys that are not among the constants are ignored.
 */
public final class RegistryConfig extends AbstractConfig {
  /** Base URLs, comma-separated and tried in turn; or one {@code mock://scope}. */
  public static final String URL = "schema.registry.url";

  /** How long one request to one URL may take, in milliseconds. Default 5000. */
  public static final String REQUEST_TIMEOUT_MS = "schema.registry.request.timeout.ms";

  /** Where basic authentication's credentials are: URL (the default) or USER_INFO. */
  public static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";

  /** {@code user:password}, for the credentials source USER_INFO. */
  public static final String USER_INFO = "basic.auth.user.info";

  /** Whether serializers register schemas that the registry does not hold. Default true. */
  public static final String AUTO_REGISTER = "auto.register.schemas";

  /** Whether serializers write with the subject's newest schema. Default false. */
  public static final String USE_LATEST = "use.latest.version";

  /** How a key's subject is named; a {@link SubjectNameStrategy}. */
  public static final String KEY_STRATEGY = "key.subject.name.strategy";

  /** How a value's subject is named; a {@link SubjectNameStrategy}. */
  public static final String VALUE_STRATEGY = "value.subject.name.strategy";

  /** Whether deserializers give generated classes. Default true, unlike Confluent's. */
  public static final String SPECIFIC_READER = "specific.avro.reader";

  private static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(URL, ConfigDef.Type.LIST, Importance.HIGH, "Base URLs, or one mock://scope.")
          .define(
              REQUEST_TIMEOUT_MS,
              ConfigDef.Type.INT,
              5000,
              Range.atLeast(1),
              Importance.LOW,
              "How long one request to one URL may take, in milliseconds.")
          .define(
              CREDENTIALS_SOURCE,
              ConfigDef.Type.STRING,
              "URL",
              Importance.MEDIUM,
              "URL or USER_INFO.")
          .define(USER_INFO, ConfigDef.Type.PASSWORD, "", Importance.MEDIUM, "user:password")
          .define(
              AUTO_REGISTER,
              ConfigDef.Type.BOOLEAN,
              true,
              Importance.MEDIUM,
              "Whether serializers register schemas.")
          .define(
              USE_LATEST,
              ConfigDef.Type.BOOLEAN,
              false,
              Importance.LOW,
              "Whether serializers write with the subject's newest schema.")
          .define(
              KEY_STRATEGY,
              ConfigDef.Type.STRING,
              SubjectNameStrategy.TOPIC.shortName(),
              Importance.LOW,
              "How a key's subject is named.")
          .define(
              VALUE_STRATEGY,
              ConfigDef.Type.STRING,
              SubjectNameStrategy.TOPIC.shortName(),
              Importance.LOW,
              "How a value's subject is named.")
          .define(
              SPECIFIC_READER,
              ConfigDef.Type.BOOLEAN,
              true,
              Importance.MEDIUM,
              "Whether deserializers give generated classes.");

  /**
   * Reads a configuration.
   *
   * @throws ConfigException when a value is missing or is not of its key's type
   */
  public RegistryConfig(Map<String, ?> configs) {
    super(DEFINITION, configs, false);
  }

  List<String> urls() {
    List<String> urls =
        getList(URL).stream().map(String::strip).filter(url -> !url.isEmpty()).toList();
    if (urls.isEmpty()) {
      throw new ConfigException(URL + " is empty: give the registry's base URL, or mock://scope");
    }
    return urls;
  }

  Duration requestTimeout() {
    return Duration.ofMillis(getInt(REQUEST_TIMEOUT_MS));
  }

  /** {@code user:password} to send to every URL; null when each URL carries its own. */
  @Nullable String userInfo() {
    String source = getString(CREDENTIALS_SOURCE).strip().toUpperCase(Locale.ROOT);
    return switch (source) {
      case "URL" -> null;
      case "USER_INFO" -> {
        Password userInfo = getPassword(USER_INFO);
        if (userInfo.value().indexOf(':') < 0) {
          throw new ConfigException(
              CREDENTIALS_SOURCE
                  + " is USER_INFO, so "
                  + USER_INFO
                  + " must be user:password; it is missing or has no colon");
        }
        yield userInfo.value();
      }
      case "SASL_INHERIT" ->
          throw new ConfigException(
              CREDENTIALS_SOURCE
                  + " is SASL_INHERIT, which is not supported: use USER_INFO and give the"
                  + " credentials in "
                  + USER_INFO);
      default ->
          throw new ConfigException(
              CREDENTIALS_SOURCE + " must be URL or USER_INFO, but is " + source);
    };
  }

  SubjectNameStrategy subjectNameStrategy(boolean isKey) {
    String key = isKey ? KEY_STRATEGY : VALUE_STRATEGY;
    return SubjectNameStrategy.parse(key, getString(key));
  }
}
