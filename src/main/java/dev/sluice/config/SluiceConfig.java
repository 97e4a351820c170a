package dev.sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Sluice's settings, checked and resolved.
 *
 * <p>Defaults give way to a file, the file to environment variables, and those to the command line.
 * The keys and their meaning stand with {@link KafkaKeys}, {@link RegistryKeys}, {@link
 * WorkerKeys}, {@link HttpKeys}, {@link ApiKeys} and {@link LogKeys}; docs/configuration.md is made
 * from them.
 */
public final class SluiceConfig {
  private final Map<String, Setting> settings;
  private final AbstractConfig values;

  private SluiceConfig(Map<String, Setting> settings) {
    this.settings = settings;
    this.values =
        new AbstractConfig(SluiceConfigDef.kafkaDef(), SettingValues.own(settings), false);
  }

  /**
   * Gathers the settings of a process.
   *
   * @param file a properties file in UTF-8, if there is one
   * @param environment the process's environment; only names that begin with SLUICE_ count
   * @param overrides the command line's, each of the form key=value
   * @throws InvalidConfigException for the first setting that cannot be used
   */
  public static SluiceConfig load(
      @Nullable Path file, Map<String, String> environment, List<String> overrides) {
    var made = new ArrayList<Setting>();
    if (file != null) {
      made.addAll(SettingsFile.read(file));
    }
    made.addAll(EnvironmentSettings.read(environment));
    made.addAll(OptionSettings.read(overrides));
    return of(made, environment);
  }

  /** Settings that the program gives itself, as a test or the demo does. */
  public static SluiceConfig of(Map<String, String> settings) {
    var made = new ArrayList<Setting>();
    settings.forEach((key, value) -> made.add(new Setting(key, value, new Origin.Program())));
    return of(made, Map.of());
  }

  private static SluiceConfig of(List<Setting> made, Map<String, String> environment) {
    var effective = new LinkedHashMap<String, Setting>();
    for (Setting setting : made) {
      KnownKeys.require(setting);
      effective.put(setting.key(), setting);
    }
    var resolved = ConfigProviders.resolve(effective, environment);
    SettingValues.check(resolved);
    return new SluiceConfig(resolved);
  }

  /** The brokers, as clients take them: host:port, separated by commas. */
  public String bootstrapServers() {
    return String.join(",", values.getList(KafkaKeys.BOOTSTRAP_SERVERS_CONFIG));
  }

  public String applicationId() {
    return values.getString(KafkaKeys.APPLICATION_ID_CONFIG);
  }

  public String topicPrefix() {
    return values.getString(KafkaKeys.TOPIC_PREFIX_CONFIG);
  }

  /** Partitions of a public topic that Sluice creates. */
  public int topicPartitions() {
    return values.getInt(KafkaKeys.TOPIC_PARTITIONS_CONFIG);
  }

  /** Replicas of a topic that Sluice creates; -1 leaves it to the broker. */
  public short topicReplicationFactor() {
    return values.getShort(KafkaKeys.TOPIC_REPLICATION_FACTOR_CONFIG);
  }

  /** Partitions of the access updates. */
  public int accessPartitions() {
    return values.getInt(KafkaKeys.ACCESS_PARTITIONS_CONFIG);
  }

  /** How producers of product-events find the partition of a key: murmur2 or crc32. */
  public String eventsPartitioner() {
    return values.getString(KafkaKeys.EVENTS_PARTITIONER_CONFIG);
  }

  /** By so much an event's sequence may be above the last one. */
  public long sequenceJumpMax() {
    return values.getLong(WorkerKeys.SEQUENCE_JUMP_MAX_CONFIG);
  }

  /** Whether an approver may approve their own request. */
  public boolean isSelfApprovalAllowed() {
    return values.getBoolean(WorkerKeys.SELF_APPROVAL_CONFIG);
  }

  /** Either classic or streams. */
  public String groupProtocol() {
    return values.getString(KafkaKeys.GROUP_PROTOCOL_CONFIG);
  }

  public List<String> schemaRegistryUrls() {
    return values.getList(RegistryKeys.SCHEMA_REGISTRY_URL_CONFIG);
  }

  /** Largest record that the worker writes, in bytes. */
  public static int recordBytesMax() {
    return ForKafka.RECORD_BYTES_MAX;
  }

  /**
   * How long a schema id is waited for that the registry does not have. A thread that waits holds a
   * transaction open; where Kafka ends that, the thread has to restore all its state. So it is half
   * of what a transaction may last beyond the time that it gathers, at most: two may follow each
   * other in one.
   */
  public Duration unknownSchemaWait() {
    var wanted = Duration.ofMillis(values.getInt(RegistryKeys.UNKNOWN_SCHEMA_WAIT_MS_CONFIG));
    var spare = ForKafka.transactionTimeout(streamsConfig()).minus(commitInterval());
    var most = spare.isNegative() ? Duration.ZERO : spare.dividedBy(2);
    return wanted.compareTo(most) < 0 ? wanted : most;
  }

  /** Whether it is Sluice's own deserializer that reads. */
  public boolean hasOwnDeserializer() {
    return deserializerClass().equals(RegistryKeys.DESERIALIZER_CLASS_DEFAULT);
  }

  /** Whether schemas are registered that the registry does not have. */
  public boolean registersSchemas() {
    return values.getBoolean(RegistryKeys.AUTO_REGISTER_CONFIG)
        && !values.getBoolean(RegistryKeys.USE_LATEST_VERSION_CONFIG);
  }

  /** Whether it is Sluice's own serializer that writes. */
  public boolean hasOwnSerializer() {
    return serializerClass().equals(RegistryKeys.SERIALIZER_CLASS_DEFAULT);
  }

  /** The compatibility level that subjects are to have; null where others see to it. */
  public @Nullable String schemaCompatibility() {
    var level = values.getString(RegistryKeys.COMPATIBILITY_CONFIG);
    return level.equals(RegistryKeys.COMPATIBILITY_UNCHANGED) ? null : level;
  }

  /** The serializer's class name. */
  public String serializerClass() {
    return values.getString(RegistryKeys.SERIALIZER_CLASS_CONFIG);
  }

  /** The deserializer's class name. */
  public String deserializerClass() {
    return values.getString(RegistryKeys.DESERIALIZER_CLASS_CONFIG);
  }

  public int threads() {
    return values.getInt(WorkerKeys.THREADS_CONFIG);
  }

  public Duration commitInterval() {
    return Duration.ofMillis(values.getLong(WorkerKeys.COMMIT_INTERVAL_MS_CONFIG));
  }

  /** How many bytes all RocksDB stores take together. */
  public long stateMemoryBytes() {
    return values.getLong(WorkerKeys.STATE_MEMORY_BYTES_CONFIG);
  }

  /** Whether state reaches the disk only with the commit of the transaction that wrote it. */
  public boolean isStateTransactional() {
    return values.getBoolean(WorkerKeys.STATE_TRANSACTIONAL_CONFIG);
  }

  /** How long a thread works on a sweep before it looks at its input again. */
  public Duration sweepSlice() {
    return Duration.ofMillis(values.getLong(WorkerKeys.SWEEP_SLICE_MS_CONFIG));
  }

  /** How long before the end the first notice is given; zero for never. */
  public Duration noticeSoon() {
    return Duration.ofMillis(values.getLong(WorkerKeys.NOTICE_SOON_MS_CONFIG));
  }

  /** How long before the end the second notice is given; zero for never. */
  public Duration noticeVerySoon() {
    return Duration.ofMillis(values.getLong(WorkerKeys.NOTICE_VERY_SOON_MS_CONFIG));
  }

  /**
   * Whether the group knows the worker by a name of its own, group.instance.id, and waits for it.
   */
  public boolean isStaticMember() {
    return ForKafka.isStaticMember(streamsConfig());
  }

  /** After how long without a poll Kafka takes a thread for dead. */
  public Duration maxPollInterval() {
    return ForKafka.maxPollInterval(streamsConfig());
  }

  public Duration shutdownTimeout() {
    return Duration.ofMillis(values.getLong(WorkerKeys.SHUTDOWN_TIMEOUT_MS_CONFIG));
  }

  /** The epoch that every command carries, 0 or above. */
  public int commandsEpoch() {
    return values.getInt(WorkerKeys.COMMANDS_EPOCH_CONFIG);
  }

  /** The records that are not to be processed, each like access-updates:3:1234. */
  public List<String> recordsSetAside() {
    var records = values.getList(WorkerKeys.RECORDS_SET_ASIDE_CONFIG);
    return records == null ? List.of() : records;
  }

  public Path dataDir() {
    return Path.of(values.getString(WorkerKeys.DATA_DIR_CONFIG));
  }

  public StateStore stateStore() {
    String name = values.getString(WorkerKeys.STATE_STORE_CONFIG);
    return StateStore.valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** The port for HTTP; 0 for any that is free, -1 for none. */
  public int httpPort() {
    return values.getInt(HttpKeys.PORT_CONFIG);
  }

  /** The address on which it is opened. */
  public String httpHost() {
    return values.getString(HttpKeys.HOST_CONFIG);
  }

  /** Whether only programs on this machine reach it. */
  public boolean isHttpLocal() {
    return httpHost().equals("localhost")
        || httpHost().startsWith("127.")
        || httpHost().equals("::1")
        || httpHost().equals("[::1]");
  }

  /** How many connections that port has open at most. */
  public int httpConnectionsMax() {
    return values.getInt(HttpKeys.CONNECTIONS_MAX_CONFIG);
  }

  /** How long one of them may be open without a request. */
  public Duration httpIdleTimeout() {
    return Duration.ofMillis(values.getLong(HttpKeys.IDLE_TIMEOUT_MS_CONFIG));
  }

  /** How many records a worker that is ready may have left to process. */
  public long healthLagRecordsMax() {
    return values.getLong(HttpKeys.LAG_RECORDS_MAX_CONFIG);
  }

  /** Where other workers reach this one's HTTP; null where they need not. */
  public @Nullable HostInfo advertisedAddress() {
    var address = values.getString(ApiKeys.ADVERTISED_ADDRESS_CONFIG);
    return address == null ? null : HostInfo.buildFromEndpoint(address);
  }

  /** The file of tokens; null for none. */
  public @Nullable Path authFile() {
    var file = values.getString(ApiKeys.AUTH_FILE_CONFIG);
    return file == null ? null : Path.of(file);
  }

  /** File or URL of the identity provider's key set; null for none. */
  public @Nullable String authJwks() {
    return values.getString(ApiKeys.AUTH_JWKS_CONFIG);
  }

  /** The issuer that a JSON Web Token must have; null where none is taken. */
  public @Nullable String authIssuer() {
    return values.getString(ApiKeys.AUTH_ISSUER_CONFIG);
  }

  /** The audience that a JSON Web Token must have; null where none is taken. */
  public @Nullable String authAudience() {
    return values.getString(ApiKeys.AUTH_AUDIENCE_CONFIG);
  }

  public String authRolesClaim() {
    return values.getString(ApiKeys.AUTH_ROLES_CLAIM_CONFIG);
  }

  /** How many requests a second a caller may make; 0 for any number. */
  public int httpRatePerSecond() {
    return values.getInt(ApiKeys.RATE_CONFIG);
  }

  public long httpBodyBytesMax() {
    return values.getLong(ApiKeys.BODY_BYTES_MAX_CONFIG);
  }

  public int httpPageMax() {
    return values.getInt(ApiKeys.PAGE_MAX_CONFIG);
  }

  public Duration queryTimeout() {
    return Duration.ofMillis(values.getLong(ApiKeys.QUERY_TIMEOUT_MS_CONFIG));
  }

  /** How long it may take until Kafka has the events of one call. */
  public Duration eventsTimeout() {
    return Duration.ofMillis(values.getLong(ApiKeys.EVENTS_TIMEOUT_MS_CONFIG));
  }

  /** The origins whose pages may ask from a browser. */
  public List<String> corsOrigins() {
    var origins = values.getList(ApiKeys.CORS_ORIGINS_CONFIG);
    return origins == null ? List.of() : origins;
  }

  /** The file with this port's key; null for HTTP without TLS. */
  public @Nullable Path tlsKeystore() {
    var file = values.getString(ApiKeys.TLS_KEYSTORE_CONFIG);
    return file == null ? null : Path.of(file);
  }

  /** That file's password; empty for none. */
  public String tlsKeystorePassword() {
    return password(ApiKeys.TLS_KEYSTORE_PASSWORD_CONFIG);
  }

  /** The file with the certificates of other workers; null for those that Java knows. */
  public @Nullable Path tlsTruststore() {
    var file = values.getString(ApiKeys.TLS_TRUSTSTORE_CONFIG);
    return file == null ? null : Path.of(file);
  }

  /** That file's password; empty for none. */
  public String tlsTruststorePassword() {
    return password(ApiKeys.TLS_TRUSTSTORE_PASSWORD_CONFIG);
  }

  private String password(String key) {
    var password = values.getPassword(key);
    return password == null ? "" : password.value();
  }

  /** What the port speaks: http or https. */
  public String httpScheme() {
    return tlsKeystore() == null ? "http" : "https";
  }

  /** Whether each line of the log is a JSON object. */
  public boolean logsJson() {
    return values.getString(LogKeys.FORMAT_CONFIG).equals("json");
  }

  /** The file with the levels of loggers; null for none. */
  public @Nullable Path logLevelsFile() {
    var file = values.getString(LogKeys.LEVELS_FILE_CONFIG);
    return file == null ? null : Path.of(file);
  }

  /** What any of Kafka's clients needs to reach the cluster. */
  public Map<String, Object> clientConfig() {
    return ForKafka.clients(this, settings);
  }

  /** What serializers and deserializers of public topics are configured with. */
  public Map<String, Object> serdeConfig() {
    return ForKafka.serdes(values, settings);
  }

  /** What Kafka Streams is started with. */
  public Properties streamsConfig() {
    return ForKafka.streams(this, settings);
  }

  /** Every setting in effect, with where it was made; secrets are hidden. */
  public Map<String, String> describe() {
    return describe(Setting::shown);
  }

  /**
   * The same for everybody who can reach the worker: what neither Sluice nor Kafka knows is hidden
   * too, for nobody can tell whether it is secret.
   */
  public Map<String, String> published() {
    return describe(setting -> Secrets.published(setting.key(), setting.written()));
  }

  private Map<String, String> describe(Function<Setting, String> shown) {
    var described = new LinkedHashMap<String, String>();
    SluiceConfigDef.keys()
        .forEach(
            (name, key) -> {
              if (key.defaultValue != null) {
                described.put(name, SluiceConfigDef.standard(key) + " (default)");
              }
            });
    settings.forEach(
        (key, setting) -> described.put(key, shown.apply(setting) + " (" + setting.origin() + ")"));
    return Collections.unmodifiableMap(described);
  }
}
