package dev.sluice.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Settings passed to Kafka's clients ({@code kafka.…}) and to Kafka Streams ({@code streams.…})
 * without the prefix, except those that Sluice's guarantees depend on.
 */
final class PassThrough {
  static final String KAFKA_PREFIX = "kafka.";
  static final String STREAMS_PREFIX = "streams.";

  /** Settings that Sluice fixes: exactly-once, reading from the beginning, partitioning by key. */
  static final Set<String> FIXED =
      Set.of(
          "acks",
          "allow.auto.create.topics",
          "auto.offset.reset",
          "default.deserialization.exception.handler",
          "default.production.exception.handler",
          "default.timestamp.extractor",
          "deserialization.exception.handler",
          "enable.auto.commit",
          "enable.idempotence",
          "group.id",
          "isolation.level",
          "key.deserializer",
          "key.serializer",
          "partitioner.class",
          "partitioner.ignore.keys",
          "processing.exception.handler",
          "processing.guarantee",
          "production.exception.handler",
          "transactional.id",
          "value.deserializer",
          "value.serializer");

  /** Settings of Sluice, by Kafka's name. */
  static final Map<String, String> SLUICE_KEYS =
      Map.of(
          "application.id", KafkaKeys.APPLICATION_ID.key(),
          "bootstrap.servers", KafkaKeys.BOOTSTRAP_SERVERS.key(),
          "enable.transactional.statestores", WorkerKeys.STATE_TRANSACTIONAL.key(),
          "commit.interval.ms", WorkerKeys.COMMIT_INTERVAL.key(),
          "group.protocol", KafkaKeys.GROUP_PROTOCOL.key(),
          "num.stream.threads", WorkerKeys.THREADS.key(),
          "replication.factor", KafkaKeys.TOPIC_REPLICATION_FACTOR.key(),
          "state.dir", WorkerKeys.DATA_DIR.key());

  private static final String NUM_STANDBY_REPLICAS = "num.standby.replicas";
  private static final String GROUP_INSTANCE_ID = "group.instance.id";

  /** Prefixes with which Streams distinguishes its clients, longest first. */
  private static final List<String> CLIENT_PREFIXES =
      List.of(
          "restore.consumer.",
          "global.consumer.",
          "main.consumer.",
          "consumer.",
          "producer.",
          "admin.");

  private static final Set<String> KAFKA_SETTINGS =
      Stream.of(
              StreamsConfig.configDef(),
              ProducerConfig.configDef(),
              ConsumerConfig.configDef(),
              AdminClientConfig.configDef())
          .flatMap(def -> def.names().stream())
          .collect(Collectors.toUnmodifiableSet());

  private PassThrough() {}

  static boolean isPassThrough(String key) {
    return (key.startsWith(KAFKA_PREFIX) && key.length() > KAFKA_PREFIX.length())
        || (key.startsWith(STREAMS_PREFIX) && key.length() > STREAMS_PREFIX.length());
  }

  /** Returns whether a key is passed through under a name that Kafka itself knows. */
  static boolean isKafkaSetting(String key) {
    String name = kafkaName(key);
    return isPassThrough(key)
        && (KAFKA_SETTINGS.contains(name)
            || KAFKA_SETTINGS.contains(key.substring(key.indexOf('.') + 1)));
  }

  /** Returns the settings of one prefix, by Kafka's names. */
  static Map<String, String> withPrefix(String prefix, Map<String, Assignment> settings) {
    var found = new TreeMap<String, String>();
    settings.forEach(
        (key, setting) -> {
          if (key.startsWith(prefix)) {
            found.put(key.substring(prefix.length()), setting.value());
          }
        });
    return found;
  }

  static void requireNotReserved(Assignment setting) {
    String name = kafkaName(setting.key());
    String sluiceKey = SLUICE_KEYS.get(name);
    if (sluiceKey != null) {
      throw new InvalidConfigException(
          setting.subject() + ", but Sluice sets it from " + sluiceKey + "; set that instead.");
    }
    if (FIXED.contains(name)) {
      throw new InvalidConfigException(
          setting.subject()
              + ", but Sluice sets "
              + name
              + " itself, because its guarantees rest on it; remove the setting.");
    }
  }

  /** Rejects settings that Streams would ignore silently if the broker assigns partitions. */
  static void requireEffective(Map<String, Assignment> settings) {
    Assignment protocol = settings.get(KafkaKeys.GROUP_PROTOCOL.key());
    if (protocol == null || !protocol.value().equals("streams")) {
      return;
    }
    for (Assignment setting : settings.values()) {
      if (isPassThrough(setting.key()) && kafkaName(setting.key()).equals(GROUP_INSTANCE_ID)) {
        throw new InvalidConfigException(
            setting.subject()
                + ", but brokers before Kafka 4.4 do not support static members with"
                + " group.protocol=streams, and later ones are untested; remove it, or set"
                + " group.protocol=classic.");
      }
    }
    Assignment standbys = settings.get(STREAMS_PREFIX + NUM_STANDBY_REPLICAS);
    if (standbys == null) {
      return;
    }
    throw new InvalidConfigException(
        standbys.subject()
            + ", but with group.protocol=streams this is a setting of the broker, for each group;"
            + " remove it here, and set it there: kafka-configs.sh --bootstrap-server HOST:9092"
            + " --alter --entity-type groups"
            + " --entity-name APPLICATION_ID --add-config streams."
            + NUM_STANDBY_REPLICAS
            + "="
            + standbys.shown());
  }

  private static String kafkaName(String key) {
    String name = key.substring(key.indexOf('.') + 1);
    for (String prefix : CLIENT_PREFIXES) {
      if (name.startsWith(prefix)) {
        return name.substring(prefix.length());
      }
    }
    return name;
  }
}
