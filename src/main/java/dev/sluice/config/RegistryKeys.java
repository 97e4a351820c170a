package dev.sluice.config;

import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Settings about the schema registry, under the names that Confluent's serializers use. */
public final class RegistryKeys {
  static final String GROUP = "Schema registry";

  public static final String SCHEMA_REGISTRY_URL_CONFIG = "schema.registry.url";
  static final String SCHEMA_REGISTRY_URL_DEFAULT = "http://localhost:8081";
  static final String SCHEMA_REGISTRY_URL_DOC =
      "Where the registry's Confluent API is; with several, the next is tried when one fails.";

  public static final String CREDENTIALS_SOURCE_CONFIG = "basic.auth.credentials.source";
  static final String CREDENTIALS_SOURCE_DEFAULT = "URL";
  static final String CREDENTIALS_SOURCE_DOC =
      "Where the registry's user and password stand: in the URL, in `basic.auth.user.info`, or in"
          + " Kafka's own SASL settings (`SASL_INHERIT`, with Confluent's serializers only).";

  public static final String USER_INFO_CONFIG = "basic.auth.user.info";
  static final String USER_INFO_DOC =
      "The registry's user and password, for the credentials source `USER_INFO`.";

  public static final String BEARER_SOURCE_CONFIG = "bearer.auth.credentials.source";
  static final String BEARER_SOURCE_DOC =
      "Where the registry's bearer token is, which takes the place of user and password:"
          + " `STATIC_TOKEN` names `bearer.auth.token`; the others work with Confluent's"
          + " serializers only.";

  public static final String BEARER_TOKEN_CONFIG = "bearer.auth.token";
  static final String BEARER_TOKEN_DOC =
      "The registry's bearer token, for the source `STATIC_TOKEN`; read at the start.";

  public static final String COMPATIBILITY_CONFIG = "sluice.schema.compatibility";
  static final String COMPATIBILITY_DEFAULT = "FULL_TRANSITIVE";
  static final String COMPATIBILITY_DOC =
      "The compatibility level that the subjects of Sluice's output topics are given in the"
          + " registry by `run` and `topics create`, where `auto.register.schemas` is true;"
          + " `unchanged` leaves it to others. Where the registry does not let Sluice, that is a"
          + " warning.";

  /** The level that leaves the registry as it is. */
  static final String COMPATIBILITY_UNCHANGED = "unchanged";

  public static final String REQUEST_TIMEOUT_MS_CONFIG = "schema.registry.request.timeout.ms";
  static final int REQUEST_TIMEOUT_MS_DEFAULT = 5_000;
  static final String REQUEST_TIMEOUT_MS_DOC =
      "How long one request to one URL of the registry may take, in milliseconds, with Sluice's own"
          + " serializers; Confluent's have `http.connect.timeout.ms` and `http.read.timeout.ms`.";

  public static final String UNKNOWN_SCHEMA_WAIT_MS_CONFIG =
      "schema.registry.unknown.schema.wait.ms";
  static final int UNKNOWN_SCHEMA_WAIT_MS_DEFAULT = 5_000;
  static final String UNKNOWN_SCHEMA_WAIT_MS_DOC =
      "How long an event is waited for, in milliseconds, whose schema id the registry says it does"
          + " not have, as one says that lags behind another or has just started; then the event is"
          + " rejected. All partitions of its thread wait meanwhile, with a transaction open; so it"
          + " is never more than half of `streams.producer.transaction.timeout.ms` (10000 unless"
          + " set) less `commit.interval.ms`, whatever is set here. 0 rejects at once.";

  public static final String AUTO_REGISTER_CONFIG = "auto.register.schemas";
  static final boolean AUTO_REGISTER_DEFAULT = true;
  static final String AUTO_REGISTER_DOC =
      "Whether to register a schema that the registry does not have; where it is false, somebody"
          + " else must have done so.";

  public static final String USE_LATEST_VERSION_CONFIG = "use.latest.version";
  static final boolean USE_LATEST_VERSION_DEFAULT = false;
  static final String USE_LATEST_VERSION_DOC =
      "Whether to write with the newest schema of the subject instead of Sluice's own, where"
          + " `auto.register.schemas` is false.";

  public static final String SUBJECT_NAME_STRATEGY_CONFIG = "value.subject.name.strategy";
  static final String SUBJECT_NAME_STRATEGY_DEFAULT = "TopicNameStrategy";
  static final String SUBJECT_NAME_STRATEGY_DOC =
      "Which subject a value's schema is registered under.";

  public static final String SERIALIZER_CLASS_CONFIG = "sluice.serializer.class";
  static final String SERIALIZER_CLASS_DEFAULT = "dev.sluice.registry.ConfluentAvroSerializer";
  static final String SERIALIZER_CLASS_DOC =
      "The Kafka serializer of values on public topics. Confluent's own,"
          + " `io.confluent.kafka.serializers.KafkaAvroSerializer`, takes the same settings.";

  public static final String DESERIALIZER_CLASS_CONFIG = "sluice.deserializer.class";
  static final String DESERIALIZER_CLASS_DEFAULT = "dev.sluice.registry.ConfluentAvroDeserializer";
  static final String DESERIALIZER_CLASS_DOC = "The Kafka deserializer of values on public topics.";

  /** What source USER_INFO is called, which needs {@link #USER_INFO_CONFIG}. */
  static final String USER_INFO_SOURCE = "USER_INFO";

  /** A source that Sluice's own serializers do not have. */
  static final String SASL_SOURCE = "SASL_INHERIT";

  /** The source of a bearer token that Sluice's own serializers have too. */
  static final String STATIC_TOKEN_SOURCE = "STATIC_TOKEN";

  static final Set<String> EXTRA_PREFIXES =
      Set.of(RegistryTlsKeys.PREFIX, "bearer.auth.", "avro.", "proxy.");

  static final Set<String> EXTRA_KEYS =
      Set.of(
          "normalize.schemas",
          "latest.compatibility.strict",
          "id.compatibility.strict",
          "latest.cache.size",
          "latest.cache.ttl.sec",
          "max.schemas.per.subject",
          "use.schema.id",
          "schema.registry.request.headers",
          "schema.registry.url.randomize",
          "http.connect.timeout.ms",
          "http.read.timeout.ms");

  private static final int REQUEST_TIMEOUT_MS_MAX = 60_000;
  private static final int UNKNOWN_SCHEMA_WAIT_MS_MAX = 3_600_000;

  private static final Pattern URL = Pattern.compile("(?:https?|mock)://\\S+");

  private RegistryKeys() {}

  /** Whether the key is one that only the serializers know: it is handed to them as it is. */
  static boolean isExtra(String key) {
    return SluiceConfigDef.key(key) == null
        && (EXTRA_KEYS.contains(key)
            || EXTRA_PREFIXES.stream()
                .anyMatch(prefix -> key.startsWith(prefix) && key.length() > prefix.length()));
  }

  /** What to do without a key that only Confluent's serializers know, as an order. */
  static String insteadOf(String key) {
    if (key.startsWith(RegistryTlsKeys.PREFIX)) {
      return "remove the setting, since Sluice's own take Java's protocols and always check the"
          + " registry's name";
    }
    if (key.startsWith("proxy.")) {
      return "set -Dhttps.proxyHost=... and its like in SLUICE_JAVA_OPTS";
    }
    if (key.startsWith("http.")) {
      return "set " + REQUEST_TIMEOUT_MS_CONFIG;
    }
    if (key.startsWith("bearer.auth.")) {
      return "set %s to %s and %s to a token"
          .formatted(BEARER_SOURCE_CONFIG, STATIC_TOKEN_SOURCE, BEARER_TOKEN_CONFIG);
    }
    return "remove the setting";
  }

  static void define(SluiceConfigDef def) {
    SluiceConfigDef.Group group = def.group(GROUP);
    group
        .add(
            SCHEMA_REGISTRY_URL_CONFIG,
            Type.LIST,
            SCHEMA_REGISTRY_URL_DEFAULT,
            Allowed.listOf(
                "one or more URLs that start with http://, https:// or mock://, separated by"
                    + " commas",
                URL),
            SCHEMA_REGISTRY_URL_DOC)
        .add(
            REQUEST_TIMEOUT_MS_CONFIG,
            Type.INT,
            REQUEST_TIMEOUT_MS_DEFAULT,
            Allowed.between(1, REQUEST_TIMEOUT_MS_MAX),
            REQUEST_TIMEOUT_MS_DOC)
        .add(
            UNKNOWN_SCHEMA_WAIT_MS_CONFIG,
            Type.INT,
            UNKNOWN_SCHEMA_WAIT_MS_DEFAULT,
            Allowed.between(0, UNKNOWN_SCHEMA_WAIT_MS_MAX),
            UNKNOWN_SCHEMA_WAIT_MS_DOC)
        .add(
            CREDENTIALS_SOURCE_CONFIG,
            Type.STRING,
            CREDENTIALS_SOURCE_DEFAULT,
            Allowed.oneOf("URL", USER_INFO_SOURCE, SASL_SOURCE),
            CREDENTIALS_SOURCE_DOC)
        .add(USER_INFO_CONFIG, Type.PASSWORD, null, Allowed.userAndPassword(), USER_INFO_DOC)
        .add(
            BEARER_SOURCE_CONFIG,
            Type.STRING,
            null,
            Allowed.oneOf(STATIC_TOKEN_SOURCE, "OAUTHBEARER", "SASL_OAUTHBEARER_INHERIT", "CUSTOM"),
            BEARER_SOURCE_DOC)
        .add(BEARER_TOKEN_CONFIG, Type.PASSWORD, null, Allowed.bearerToken(), BEARER_TOKEN_DOC);
    RegistryTlsKeys.define(group);
    group
        .add(
            AUTO_REGISTER_CONFIG,
            Type.BOOLEAN,
            AUTO_REGISTER_DEFAULT,
            Allowed.trueOrFalse(),
            AUTO_REGISTER_DOC)
        .add(
            COMPATIBILITY_CONFIG,
            Type.STRING,
            COMPATIBILITY_DEFAULT,
            Allowed.oneOf(
                "FULL_TRANSITIVE",
                "FULL",
                "FORWARD_TRANSITIVE",
                "FORWARD",
                "BACKWARD_TRANSITIVE",
                "BACKWARD",
                "NONE",
                COMPATIBILITY_UNCHANGED),
            COMPATIBILITY_DOC)
        .add(
            USE_LATEST_VERSION_CONFIG,
            Type.BOOLEAN,
            USE_LATEST_VERSION_DEFAULT,
            Allowed.trueOrFalse(),
            USE_LATEST_VERSION_DOC)
        .add(
            SUBJECT_NAME_STRATEGY_CONFIG,
            Type.STRING,
            SUBJECT_NAME_STRATEGY_DEFAULT,
            Allowed.oneOfOrClassName(
                "TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy"),
            SUBJECT_NAME_STRATEGY_DOC)
        .add(
            SERIALIZER_CLASS_CONFIG,
            Type.STRING,
            SERIALIZER_CLASS_DEFAULT,
            Allowed.className(),
            SERIALIZER_CLASS_DOC)
        .add(
            DESERIALIZER_CLASS_CONFIG,
            Type.STRING,
            DESERIALIZER_CLASS_DEFAULT,
            Allowed.className(),
            DESERIALIZER_CLASS_DOC);
  }
}
