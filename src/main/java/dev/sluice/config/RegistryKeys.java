package dev.sluice.config;

import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.registry.ConfluentAvroSerializer;
import dev.sluice.registry.RegistryConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.types.Password;

/** Settings of the schema registry, under the names of Confluent's serializers. */
public final class RegistryKeys {
  static final SettingGroup GROUP = new SettingGroup("Schema registry");

  /** Level that changes nothing in the registry. */
  static final String COMPATIBILITY_UNCHANGED = "unchanged";

  private static final Pattern URL = Pattern.compile("(?:https?|mock)://\\S+");
  private static final String[] STORE_TYPES = {"JKS", "PKCS12", "PEM"};

  public static final Setting<List<String>> SCHEMA_REGISTRY_URL =
      GROUP
          .list(RegistryConfig.URL, "http://localhost:8081")
          .allowed(
              SettingValidator.listOf(
                  "one or more URLs that start with http://, https:// or mock://, separated by"
                      + " commas",
                  URL))
          .doc(
              "The URL of the registry's Confluent API. With several URLs, the next one is tried"
                  + " when one fails.");

  public static final Setting<Integer> REQUEST_TIMEOUT =
      GROUP
          .integer(RegistryConfig.REQUEST_TIMEOUT_MS, RegistryConfig.REQUEST_TIMEOUT_MS_DEFAULT)
          .between(1, 60_000)
          .doc(
              "Timeout of one request to one URL of the registry, in milliseconds, with"
                  + " Sluice's own serializers. Confluent's use `http.connect.timeout.ms` and"
                  + " `http.read.timeout.ms`.");

  public static final Setting<Duration> UNKNOWN_SCHEMA_WAIT =
      GROUP
          .millis("schema.registry.unknown.schema.wait.ms", 5_000)
          .between(0, 3_600_000)
          .doc(
              "How long to wait, in milliseconds, for a schema id that the registry reports as"
                  + " unknown. A replica that lags, or has just started, may report so. Afterwards"
                  + " the event is rejected. Meanwhile all partitions of the thread wait, with a"
                  + " transaction open. Therefore the wait is never more than half of"
                  + " `streams.transaction.timeout.ms` (three times `commit.interval.ms`, and at"
                  + " least 10 s, unless set) less `commit.interval.ms`. 0 rejects at once.");

  public static final Setting<String> CREDENTIALS_SOURCE =
      GROUP
          .text(RegistryConfig.CREDENTIALS_SOURCE, RegistryConfig.URL_SOURCE)
          .oneOf(
              RegistryConfig.URL_SOURCE,
              RegistryConfig.USER_INFO_SOURCE,
              RegistryConfig.SASL_SOURCE)
          .doc(
              "Where the registry's user and password are set: in the URL, in"
                  + " `basic.auth.user.info`, or in Kafka's own SASL settings (`SASL_INHERIT`, with"
                  + " Confluent's serializers only).");

  public static final Setting<Password> USER_INFO =
      GROUP
          .secret(RegistryConfig.USER_INFO)
          .allowed(SettingValidator.userAndPassword())
          .doc("The registry's user and password, for the credentials source `USER_INFO`.");

  public static final Setting<String> BEARER_SOURCE =
      GROUP
          .text(RegistryConfig.BEARER_SOURCE, null)
          .oneOf(
              RegistryConfig.STATIC_TOKEN_SOURCE,
              "OAUTHBEARER",
              "SASL_OAUTHBEARER_INHERIT",
              "CUSTOM")
          .doc(
              "The source of the registry's bearer token, which replaces user and password:"
                  + " `STATIC_TOKEN` names `bearer.auth.token`; the others work with Confluent's"
                  + " serializers only.");

  public static final Setting<Password> BEARER_TOKEN =
      GROUP
          .secret(RegistryConfig.BEARER_TOKEN)
          .allowed(SettingValidator.bearerToken())
          .doc("The registry's bearer token, for the source `STATIC_TOKEN`; read at the start.");

  static {
    GROUP
        .file(RegistryConfig.TLS_PREFIX + "truststore.location")
        .doc(
            "A file with the CA certificates that the registry's certificate is checked against;"
                + " Java's own when not set.");
    GROUP
        .secret(RegistryConfig.TLS_PREFIX + "truststore.password")
        .doc("The password of that file; a PEM file has none.");
    GROUP
        .text(RegistryConfig.TLS_PREFIX + "truststore.type", null)
        .oneOf(STORE_TYPES)
        .doc("The format of that file; `JKS` when not set.");
    GROUP
        .secret(RegistryConfig.TLS_PREFIX + "truststore.certificates")
        .allowed(SettingValidator.secret("certificates"))
        .doc("Instead of that file, the certificates themselves in PEM, with the type `PEM`.");
    GROUP
        .file(RegistryConfig.TLS_PREFIX + "keystore.location")
        .doc("A file with the worker's own key and certificate, for a registry that requires one.");
    GROUP
        .secret(RegistryConfig.TLS_PREFIX + "keystore.password")
        .doc("The password of that file; a PEM file has none.");
    GROUP
        .text(RegistryConfig.TLS_PREFIX + "keystore.type", null)
        .oneOf(STORE_TYPES)
        .doc("The format of that file; `JKS` when not set.");
    GROUP
        .secret(RegistryConfig.TLS_PREFIX + "keystore.key")
        .allowed(SettingValidator.secret("a key"))
        .doc("Instead of that file, the key itself in PEM, with the type `PEM`.");
    GROUP
        .secret(RegistryConfig.TLS_PREFIX + "keystore.certificate.chain")
        .allowed(SettingValidator.secret("certificates"))
        .doc("The certificate that belongs to that key, in PEM.");
    GROUP
        .secret(RegistryConfig.TLS_PREFIX + "key.password")
        .doc("The password of the worker's key itself.");
  }

  public static final Setting<Boolean> AUTO_REGISTER =
      GROUP
          .flag(RegistryConfig.AUTO_REGISTER, RegistryConfig.AUTO_REGISTER_DEFAULT)
          .doc(
              "Whether to register a schema that the registry does not have. If false,"
                  + " the schemas must be registered beforehand.");

  public static final Setting<String> COMPATIBILITY =
      GROUP
          .text("sluice.schema.compatibility", "FULL_TRANSITIVE")
          .oneOf(
              "FULL_TRANSITIVE",
              "FULL",
              "FORWARD_TRANSITIVE",
              "FORWARD",
              "BACKWARD_TRANSITIVE",
              "BACKWARD",
              "NONE",
              COMPATIBILITY_UNCHANGED)
          .doc(
              "The compatibility level that `run` and `topics create` set for the subjects of"
                  + " Sluice's output topics in the registry, if `auto.register.schemas` is true;"
                  + " `unchanged` sets none. If the registry does not permit it, the worker logs a"
                  + " warning.");

  public static final Setting<Boolean> USE_LATEST_VERSION =
      GROUP
          .flag(RegistryConfig.USE_LATEST, RegistryConfig.USE_LATEST_DEFAULT)
          .doc(
              "Whether to write with the newest schema of the subject instead of Sluice's own,"
                  + " if `auto.register.schemas` is false.");

  public static final Setting<String> SUBJECT_NAME_STRATEGY =
      GROUP
          .text(RegistryConfig.VALUE_STRATEGY, RegistryConfig.STRATEGY_DEFAULT)
          .allowed(
              SettingValidator.oneOfOrClassName(
                  "TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy"))
          .doc("The subject under which a value's schema is registered.");

  public static final Setting<String> SERIALIZER_CLASS =
      GROUP
          .text("sluice.serializer.class", ConfluentAvroSerializer.class.getName())
          .allowed(SettingValidator.className())
          .doc(
              "The Kafka serializer of values on public topics. Confluent's own,"
                  + " `io.confluent.kafka.serializers.KafkaAvroSerializer`, takes the same"
                  + " settings.");

  public static final Setting<String> DESERIALIZER_CLASS =
      GROUP
          .text("sluice.deserializer.class", ConfluentAvroDeserializer.class.getName())
          .allowed(SettingValidator.className())
          .doc("The Kafka deserializer of values on public topics.");

  static final Set<String> EXTRA_PREFIXES =
      Set.of(RegistryConfig.TLS_PREFIX, "bearer.auth.", "avro.", "proxy.");

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

  private RegistryKeys() {}

  /** Returns whether only the serializers know the key, which is passed to them unchanged. */
  static boolean isExtra(String key) {
    return SluiceConfigDef.setting(key) == null
        && (EXTRA_KEYS.contains(key)
            || EXTRA_PREFIXES.stream()
                .anyMatch(prefix -> key.startsWith(prefix) && key.length() > prefix.length()));
  }

  /** Returns the remedy for a key that only Confluent's serializers support. */
  static String insteadOf(String key) {
    if (key.startsWith(RegistryConfig.TLS_PREFIX)) {
      return "remove the setting, since Sluice's own serializers use Java's protocols and always"
          + " check the registry's name";
    }
    if (key.startsWith("proxy.")) {
      return "set -Dhttps.proxyHost=... and similar options in SLUICE_JAVA_OPTS";
    }
    if (key.startsWith("http.")) {
      return "set " + REQUEST_TIMEOUT;
    }
    if (key.startsWith("bearer.auth.")) {
      return "set %s to %s and %s to a token"
          .formatted(BEARER_SOURCE, RegistryConfig.STATIC_TOKEN_SOURCE, BEARER_TOKEN);
    }
    return "remove the setting";
  }
}
