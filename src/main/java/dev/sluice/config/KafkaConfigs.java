package dev.sluice.config;

import dev.sluice.limits.SizeLimits;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.streams.StreamsConfig;

/** Translates Sluice's settings into those of Kafka's clients, Streams and serializers. */
final class KafkaConfigs {
  /** Subfolder of the data folder for Streams' state. */
  private static final String STATE_FOLDER = "state";

  private static final int SESSION_TIMEOUT_MS = 10_000;

  /**
   * Minimum transaction timeout, equal to Streams' own: a pause of the worker must not abort a
   * transaction.
   */
  private static final long TRANSACTION_TIMEOUT_MS_MIN = 10_000;

  private static final long TRANSACTION_TIMEOUT_INTERVALS = 3;

  /** The only key that Streams compares with the commit interval. */
  private static final String TRANSACTION_TIMEOUT_KEY =
      StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);

  /** The consumer's default. */
  private static final int MAX_POLL_INTERVAL_MS = 300_000;

  private static final int CACHE_BYTES = 1 << 20;

  /** Divisor: uncommitted changes may use one quarter of the memory for state. */
  private static final int UNCOMMITTED_PART = 4;

  /** Maximum number of records per poll; Streams' own default is 1,000. */
  private static final int POLL_RECORDS_MAX = 250;

  private static final int POLL_MS = 10;
  private static final int LINGER_MS = 20;

  /**
   * The first pause of a producer that tries again, in milliseconds; each next one is twice as
   * long.
   */
  private static final int RETRY_BACKOFF_MS = 5;

  private static final int BATCH_BYTES = 256 << 10;

  /** Package of Confluent's naming strategies. */
  private static final String CONFLUENT_STRATEGIES = "io.confluent.kafka.serializers.subject.";

  private KafkaConfigs() {}

  static Map<String, Object> clients(SluiceConfig config, Map<String, Assignment> settings) {
    var map = new LinkedHashMap<String, Object>();
    map.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    map.putAll(PassThrough.withPrefix(PassThrough.KAFKA_PREFIX, settings));
    return map;
  }

  static Properties streams(SluiceConfig config, Map<String, Assignment> settings) {
    var p = new Properties();
    p.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
    p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.get(WorkerKeys.THREADS));
    p.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.get(WorkerKeys.COMMIT_INTERVAL).toMillis());
    p.put(StreamsConfig.STATE_DIR_CONFIG, config.dataDir().resolve(STATE_FOLDER).toString());
    p.put(
        StreamsConfig.REPLICATION_FACTOR_CONFIG,
        config.get(KafkaKeys.TOPIC_REPLICATION_FACTOR).intValue());
    p.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, config.get(KafkaKeys.GROUP_PROTOCOL));
    var advertised = config.find(ApiKeys.ADVERTISED_ADDRESS);
    if (advertised != null) {
      p.put(StreamsConfig.APPLICATION_SERVER_CONFIG, advertised.host() + ":" + advertised.port());
    }
    // Two small stores have a cache, which writes only the last value per commit. The others are
    // accessed by key as records arrive: a cache would only duplicate them.
    p.put(
        StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
        (long) CACHE_BYTES * config.get(WorkerKeys.THREADS));
    p.put(
        StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG,
        config.get(WorkerKeys.STATE_TRANSACTIONAL));
    p.put(
        StreamsConfig.STATESTORE_UNCOMMITTED_MAX_BYTES_CONFIG,
        config.get(WorkerKeys.STATE_MEMORY_BYTES) / UNCOMMITTED_PART);
    p.put(StreamsConfig.POLL_MS_CONFIG, POLL_MS);
    // A broker may request the topology's description. It helps only with a broker plugin that
    // stores it; then an operator can set streams.topology.description.push.enabled=true.
    p.put(StreamsConfig.TOPOLOGY_DESCRIPTION_PUSH_ENABLED_CONFIG, false);
    // Time until the partitions of a dead worker are reassigned: the default of 45 s is too long
    // for a revocation. (With group.protocol=streams the broker decides.)
    if (config.get(KafkaKeys.GROUP_PROTOCOL).equals("classic")) {
      p.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
    }
    // Without the producer's prefix, which would override a passed-through setting.
    p.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    p.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
    p.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    p.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, SizeLimits.WRITTEN);
    p.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        Integer.toString(SizeLimits.WRITTEN));
    // Changelog records carry the event's time, which may be older than the broker's default
    // permits.
    p.put(
        StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG),
        Long.toString(Long.MAX_VALUE));
    p.putAll(clients(config, settings));
    p.putAll(PassThrough.withPrefix(PassThrough.STREAMS_PREFIX, settings));
    // A thread processes the records of a poll before it polls again, so this is the maximum
    // number of one partition's records that others wait for. Restoring reads as many at once as
    // possible.
    if (p.keySet().stream()
        .noneMatch(key -> key.toString().endsWith(ConsumerConfig.MAX_POLL_RECORDS_CONFIG))) {
      p.put(
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
          POLL_RECORDS_MAX);
    }
    var passed = p.get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
    p.putIfAbsent(TRANSACTION_TIMEOUT_KEY, passed != null ? passed : transactionTimeoutMs(config));
    // A transaction's first records wait until the broker has ended the one before, and the
    // producer asks again after this time. Kafka's default of 100 ms is a commit interval.
    p.putIfAbsent(
        StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG),
        p.getOrDefault(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, RETRY_BACKOFF_MS));
    return p;
  }

  private static String transactionTimeoutMs(SluiceConfig config) {
    var intervals =
        TRANSACTION_TIMEOUT_INTERVALS * config.get(WorkerKeys.COMMIT_INTERVAL).toMillis();
    return Long.toString(Math.max(TRANSACTION_TIMEOUT_MS_MIN, intervals));
  }

  /** Returns the consumers' value, under whichever name it was set. */
  static Duration maxPollInterval(Properties streams) {
    var value =
        new StreamsConfig(streams)
            .getMainConsumerConfigs("group", "client", 0)
            .getOrDefault(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL_MS);
    return Duration.ofMillis(
        (int)
            ConfigDef.parseType(
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, value, ConfigDef.Type.INT));
  }

  /** Returns the maximum duration of a transaction, under whichever name it was set. */
  static Duration transactionTimeout(Properties streams) {
    var value =
        new StreamsConfig(streams)
            .getProducerConfigs("client")
            .get(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG);
    return Duration.ofMillis(
        (int)
            ConfigDef.parseType(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, value, ConfigDef.Type.INT));
  }

  /** Returns whether a static membership is set, under whichever name. */
  static boolean isStaticMember(Properties streams) {
    return new StreamsConfig(streams)
        .getMainConsumerConfigs("group", "client", 0)
        .containsKey(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
  }

  static Map<String, Object> serdes(AbstractConfig values, Map<String, Assignment> settings) {
    var map = new LinkedHashMap<String, Object>();
    for (var setting : RegistryKeys.GROUP.settings()) {
      Object value = values.values().get(setting.key());
      if (value != null) {
        map.put(setting.key(), value instanceof Password secret ? secret.value() : value);
      }
    }
    map.put(
        RegistryKeys.SCHEMA_REGISTRY_URL.key(),
        String.join(",", values.getList(RegistryKeys.SCHEMA_REGISTRY_URL.key())));
    String strategy = values.getString(RegistryKeys.SUBJECT_NAME_STRATEGY.key());
    map.put(
        RegistryKeys.SUBJECT_NAME_STRATEGY.key(),
        strategy.contains(".") ? strategy : CONFLUENT_STRATEGIES + strategy);
    // They select the serializer, but do not configure it.
    map.remove(RegistryKeys.SERIALIZER_CLASS.key());
    map.remove(RegistryKeys.DESERIALIZER_CLASS.key());
    // Nor are the setup of the registry and the wait for a schema settings of a serializer.
    map.remove(RegistryKeys.COMPATIBILITY.key());
    map.remove(RegistryKeys.UNKNOWN_SCHEMA_WAIT.key());
    if (map.containsKey(RegistryKeys.BEARER_SOURCE.key())) {
      // Confluent's serializers reject two sources, even if one is the default.
      map.remove(RegistryKeys.CREDENTIALS_SOURCE.key());
    }
    settings.forEach(
        (key, setting) -> {
          if (RegistryKeys.isExtra(key)) {
            map.put(key, setting.value());
          }
        });
    return map;
  }
}
