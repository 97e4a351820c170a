package dev.sluice.config;

import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.registry.ConfluentAvroSerializer;
import dev.sluice.registry.RegistryConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.types.Password;

/** Settings about the schema registry, under the names that Confluent's serializers use. */
public final class RegistryKeys {
  static final SettingGroup GROUP = new SettingGroup("Schema registry");

  /** The level that leaves the registry as it is. */
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
              "Where the registry's Confluent API is; with several, the next is tried when one"
                  + " fails.");

  public static final Setting<Integer> REQUEST_TIMEOUT =
      GROUP
          .integer(RegistryConfig.REQUEST_TIMEOUT_MS, RegistryConfig.REQUEST_TIMEOUT_MS_DEFAULT)
          .between(1, 60_000)
          .doc(
              "How long one request to one URL of the registry may take, in milliseconds, with"
                  + " Sluice's own serializers; Confluent's have `http.connect.timeout.ms` and"
                  + " `http.read.timeout.ms`.");

  public static final Setting<Duration> UNKNOWN_SCHEMA_WAIT =
      GROUP
          .millis("schema.registry.unknown.schema.wait.ms", 5_000)
          .between(0, 3_600_000)
          .doc(
              "How long an event is waited for, in milliseconds, whose schema id the registry says"
                  + " it does not have, as one says that lags behind another or has just started;"
                  + " then the event is rejected. All partitions of its thread wait meanwhile, with"
                  + " a transaction open; so it is never more than half of"
                  + " `streams.producer.transaction.timeout.ms` (10000 unless set) less"
                  + " `commit.interval.ms`, whatever is set here. 0 rejects at once.");

  public static final Setting<String> CREDENTIALS_SOURCE =
      GROUP
          .text(RegistryConfig.CREDENTIALS_SOURCE, RegistryConfig.URL_SOURCE)
          .oneOf(
              RegistryConfig.URL_SOURCE,
              RegistryConfig.USER_INFO_SOURCE,
              RegistryConfig.SASL_SOURCE)
          .doc(
              "Where the registry's user and password stand: in the URL, in `basic.auth.user.info`,"
                  + " or in Kafka's own SASL settings (`SASL_INHERIT`, with Confluent's serializers"
                  + " only).");

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
              "Where the registry's bearer token is, which takes the place of user and password:"
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
            "A file with the certificates of those who may sign the registry's; where none is"
                + " named, those that Java knows may.");
    GROUP
        .secret(RegistryConfig.TLS_PREFIX + "truststore.password")
        .doc("That file's password; a PEM file has none.");
    GROUP
        .text(RegistryConfig.TLS_PREFIX + "truststore.type", null)
        .oneOf(STORE_TYPES)
        .doc("That file's format; `JKS` when not set.");
    GROUP
        .secret(RegistryConfig.TLS_PREFIX + "truststore.certificates")
        .allowed(SettingValidator.secret("certificates"))
        .doc("In place of that file, the certificates themselves in PEM, with the type `PEM`.");
    GROUP
        .file(RegistryConfig.TLS_PREFIX + "keystore.location")
        .doc("A file with the worker's own key and certificate, for a registry that asks for one.");
    GROUP
        .secret(RegistryConfig.TLS_PREFIX + "keystore.password")
        .doc("That file's password; a PEM file has none.");
    GROUP
        .text(RegistryConfig.TLS_PREFIX + "keystore.type", null)
        .oneOf(STORE_TYPES)
        .doc("That file's format; `JKS` when not set.");
    GROUP
        .secret(RegistryConfig.TLS_PREFIX + "keystore.key")
        .allowed(SettingValidator.secret("a key"))
        .doc("In place of that file, the key itself in PEM, with the type `PEM`.");
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
              "Whether to register a schema that the registry does not have; where it is false,"
                  + " somebody else must have done so.");

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
              "The compatibility level that the subjects of Sluice's output topics are given in the"
                  + " registry by `run` and `topics create`, where `auto.register.schemas` is true;"
                  + " `unchanged` leaves it to others. Where the registry does not let Sluice, that"
                  + " is a warning.");

  public static final Setting<Boolean> USE_LATEST_VERSION =
      GROUP
          .flag(RegistryConfig.USE_LATEST, RegistryConfig.USE_LATEST_DEFAULT)
          .doc(
              "Whether to write with the newest schema of the subject instead of Sluice's own,"
                  + " where `auto.register.schemas` is false.");

  public static final Setting<String> SUBJECT_NAME_STRATEGY =
      GROUP
          .text(RegistryConfig.VALUE_STRATEGY, RegistryConfig.STRATEGY_DEFAULT)
          .allowed(
              SettingValidator.oneOfOrClassName(
                  "TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy"))
          .doc("Which subject a value's schema is registered under.");

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

  /** Whether the key is one that only the serializers know: it is handed to them as it is. */
  static boolean isExtra(String key) {
    return SluiceConfigDef.setting(key) == null
        && (EXTRA_KEYS.contains(key)
            || EXTRA_PREFIXES.stream()
                .anyMatch(prefix -> key.startsWith(prefix) && key.length() > prefix.length()));
  }

  /** What to do without a key that only Confluent's serializers know, as an order. */
  static String insteadOf(String key) {
    if (key.startsWith(RegistryConfig.TLS_PREFIX)) {
      return "remove the setting, since Sluice's own take Java's protocols and always check the"
          + " registry's name";
    }
    if (key.startsWith("proxy.")) {
      return "set -Dhttps.proxyHost=... and its like in SLUICE_JAVA_OPTS";
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
