package dev.sluice.registry;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of registry clients, serializers and deserializers, under Confluent's names. Keys
 * other than the constants and those of TLS ({@code schema.registry.ssl.…}) are ignored.
 */
public final class RegistryConfig extends AbstractConfig {
  /** Base URLs, comma-separated and tried in turn; or one {@code mock://scope}. */
  public static final String URL = "schema.registry.url";

  /** Maximum duration of one request to one URL, in milliseconds. Default 5000. */
  public static final String REQUEST_TIMEOUT_MS = "schema.registry.request.timeout.ms";

  /** Source of the credentials for basic authentication: URL (the default) or USER_INFO. */
  public static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";

  /** {@code user:password}, for the credentials source USER_INFO. */
  public static final String USER_INFO = "basic.auth.user.info";

  /**
   * Source of a bearer token, which replaces basic authentication: STATIC_TOKEN, or nothing for no
   * token.
   */
  public static final String BEARER_SOURCE = "bearer.auth.credentials.source";

  /** The token, for the source STATIC_TOKEN. */
  public static final String BEARER_TOKEN = "bearer.auth.token";

  /** Whether serializers register schemas that the registry does not have. Default true. */
  public static final String AUTO_REGISTER = "auto.register.schemas";

  /** Whether serializers write with the subject's newest schema. Default false. */
  public static final String USE_LATEST = "use.latest.version";

  /** The {@link SubjectNameStrategy} of keys. */
  public static final String KEY_STRATEGY = "key.subject.name.strategy";

  /** The {@link SubjectNameStrategy} of values. */
  public static final String VALUE_STRATEGY = "value.subject.name.strategy";

  /** Whether deserializers return generated classes. Default true, unlike Confluent's. */
  public static final String SPECIFIC_READER = "specific.avro.reader";

  /** Prefix of the keys of TLS to the registry. */
  public static final String TLS_PREFIX = RegistryTls.PREFIX + "ssl.";

  public static final int REQUEST_TIMEOUT_MS_DEFAULT = 5_000;
  public static final String STRATEGY_DEFAULT = SubjectNameStrategy.TOPIC.shortName();
  public static final boolean AUTO_REGISTER_DEFAULT = true;
  public static final boolean USE_LATEST_DEFAULT = false;

  /** Source of credentials that are part of the URL. */
  public static final String URL_SOURCE = "URL";

  /** Source of credentials in {@link #USER_INFO}. */
  public static final String USER_INFO_SOURCE = "USER_INFO";

  /** A source that only Confluent's serializers have. */
  public static final String SASL_SOURCE = "SASL_INHERIT";

  /** Source of a token in {@link #BEARER_TOKEN}. */
  public static final String STATIC_TOKEN_SOURCE = "STATIC_TOKEN";

  /** Syntax of RFC 6750. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(URL, Type.LIST, Importance.HIGH, "")
          .define(
              REQUEST_TIMEOUT_MS,
              Type.INT,
              REQUEST_TIMEOUT_MS_DEFAULT,
              Range.atLeast(1),
              Importance.LOW,
              "")
          .define(CREDENTIALS_SOURCE, Type.STRING, URL_SOURCE, Importance.MEDIUM, "")
          .define(USER_INFO, Type.PASSWORD, "", Importance.MEDIUM, "")
          .define(BEARER_SOURCE, Type.STRING, "", Importance.MEDIUM, "")
          .define(BEARER_TOKEN, Type.PASSWORD, "", Importance.MEDIUM, "")
          .define(AUTO_REGISTER, Type.BOOLEAN, AUTO_REGISTER_DEFAULT, Importance.MEDIUM, "")
          .define(USE_LATEST, Type.BOOLEAN, USE_LATEST_DEFAULT, Importance.LOW, "")
          .define(KEY_STRATEGY, Type.STRING, STRATEGY_DEFAULT, Importance.LOW, "")
          .define(VALUE_STRATEGY, Type.STRING, STRATEGY_DEFAULT, Importance.LOW, "")
          .define(SPECIFIC_READER, Type.BOOLEAN, true, Importance.MEDIUM, "");

  /**
   * Reads a configuration.
   *
   * @throws ConfigException if a value is missing or is not of its key's type
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

  /** Returns the TLS context for connections; null for Java's defaults. */
  @Nullable SSLContext tls() {
    return RegistryTls.context(originalsWithPrefix(RegistryTls.PREFIX));
  }

  /** Returns the Authorization header for every URL; null if each URL has its own credentials. */
  @Nullable String authorization() {
    String bearer = getString(BEARER_SOURCE).strip().toUpperCase(Locale.ROOT);
    if (bearer.equals(STATIC_TOKEN_SOURCE)) {
      return "Bearer " + token();
    }
    if (!bearer.isEmpty()) {
      throw new ConfigException(
          BEARER_SOURCE
              + " is "
              + bearer
              + ", which is not supported: use STATIC_TOKEN and give the token in "
              + BEARER_TOKEN);
    }
    String userInfo = userInfo();
    return userInfo == null ? null : RegistryEndpoint.basic(userInfo);
  }

  private String token() {
    String token = getPassword(BEARER_TOKEN).value().strip();
    // Checked here, since the HTTP client's message about an invalid header would contain the
    // token.
    if (!TOKEN.matcher(token).matches()) {
      throw new ConfigException(
          BEARER_SOURCE
              + " is STATIC_TOKEN, so "
              + BEARER_TOKEN
              + " must be a token; it is missing, or has characters that no token has");
    }
    return token;
  }

  private @Nullable String userInfo() {
    String source = getString(CREDENTIALS_SOURCE).strip().toUpperCase(Locale.ROOT);
    return switch (source) {
      case URL_SOURCE -> null;
      case USER_INFO_SOURCE -> {
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
      case SASL_SOURCE ->
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
