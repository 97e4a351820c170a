package dev.sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.apache.kafka.common.config.AbstractConfig;
import org.jspecify.annotations.Nullable;

/**
 * Sluice's settings, checked and resolved.
 *
 * <p>A file overrides defaults, environment variables override the file, and the command line
 * overrides both. The settings are defined in {@link KafkaKeys}, {@link RegistryKeys}, {@link
 * WorkerKeys}, {@link DeliveryKeys}, {@link HttpKeys}, {@link ApiKeys} and {@link LogKeys};
 * docs/configuration.md is generated from them.
 */
public final class SluiceConfig {
  /** The end of delivery's application.id. */
  private static final String DELIVERY_END = "-delivery";

  /** Delivery's folder in data.dir. */
  private static final String DELIVERY_FOLDER = "delivery";

  private final Map<String, Assignment> settings;
  private final AbstractConfig values;

  private SluiceConfig(Map<String, Assignment> settings) {
    this.settings = settings;
    this.values =
        new AbstractConfig(SluiceConfigDef.kafkaDef(), SettingValues.own(settings), false);
  }

  /**
   * Loads the settings of a process.
   *
   * @param file a properties file in UTF-8; null for none
   * @param environment the process's environment; only names that begin with SLUICE_ are used
   * @param overrides the command line's, each of the form key=value
   * @throws InvalidConfigException for the first invalid setting
   */
  public static SluiceConfig load(
      @Nullable Path file, Map<String, String> environment, List<String> overrides) {
    var made = new ArrayList<Assignment>();
    if (file != null) {
      made.addAll(SettingsFile.read(file));
    }
    made.addAll(EnvironmentSettings.read(environment));
    made.addAll(OptionSettings.read(overrides));
    return of(made, environment);
  }

  /** Creates settings from the program itself, such as a test or the demo. */
  public static SluiceConfig of(Map<String, String> settings) {
    var made = new ArrayList<Assignment>();
    settings.forEach(
        (key, value) -> made.add(new Assignment(key, value, new SettingSource.Program())));
    return of(made, Map.of());
  }

  private static SluiceConfig of(List<Assignment> made, Map<String, String> environment) {
    var effective = new LinkedHashMap<String, Assignment>();
    for (Assignment setting : made) {
      KnownKeys.require(setting);
      effective.put(setting.key(), setting);
    }
    var resolved = ConfigProviders.resolve(effective, environment);
    SettingValues.check(resolved);
    return new SluiceConfig(resolved);
  }

  /**
   * Returns the value of a setting that always has one.
   *
   * @throws IllegalArgumentException for a setting without a default, which needs {@link #find}
   */
  public <T> T get(Setting<T> setting) {
    var value = find(setting);
    if (value == null || !setting.isAlwaysPresent()) {
      throw new IllegalArgumentException(setting + " has no default");
    }
    return value;
  }

  /** Returns the value of a setting; null if it has none. */
  public <T> @Nullable T find(Setting<T> setting) {
    return setting.read(values.values().get(setting.key()));
  }

  /**
   * Returns the settings with which delivery runs its own Streams application: another
   * application.id, a folder of its own in data.dir, and its own number of threads.
   */
  public SluiceConfig forDelivery() {
    var own = new LinkedHashMap<>(settings);
    Map.of(
            KafkaKeys.APPLICATION_ID.key(),
            applicationId() + DELIVERY_END,
            WorkerKeys.DATA_DIR.key(),
            dataDir().resolve(DELIVERY_FOLDER).toString(),
            WorkerKeys.THREADS.key(),
            get(DeliveryKeys.THREADS).toString())
        .forEach(
            (key, value) -> own.put(key, new Assignment(key, value, new SettingSource.Program())));
    return new SluiceConfig(own);
  }

  /** Returns the brokers in the form for clients: host:port, separated by commas. */
  public String bootstrapServers() {
    return String.join(",", get(KafkaKeys.BOOTSTRAP_SERVERS));
  }

  public String applicationId() {
    return get(KafkaKeys.APPLICATION_ID);
  }

  public String topicPrefix() {
    return get(KafkaKeys.TOPIC_PREFIX);
  }

  public Path dataDir() {
    return get(WorkerKeys.DATA_DIR);
  }

  /**
   * Returns the maximum wait for an unknown schema id. A waiting thread holds a transaction open;
   * if Kafka aborts the transaction, the thread must restore its state. Therefore the wait is at
   * most half of the transaction timeout minus the commit interval: a transaction may contain two
   * waits.
   */
  public Duration unknownSchemaWait() {
    var wanted = get(RegistryKeys.UNKNOWN_SCHEMA_WAIT);
    var spare =
        KafkaConfigs.transactionTimeout(streamsConfig()).minus(get(WorkerKeys.COMMIT_INTERVAL));
    var most = spare.isNegative() ? Duration.ZERO : spare.dividedBy(2);
    return wanted.compareTo(most) < 0 ? wanted : most;
  }

  /** Returns whether missing schemas are registered. */
  public boolean registersSchemas() {
    return get(RegistryKeys.AUTO_REGISTER) && !get(RegistryKeys.USE_LATEST_VERSION);
  }

  /** Returns whether Sluice's own serializer writes. */
  public boolean hasOwnSerializer() {
    return isDefault(RegistryKeys.SERIALIZER_CLASS);
  }

  /** Returns whether Sluice's own deserializer reads. */
  public boolean hasOwnDeserializer() {
    return isDefault(RegistryKeys.DESERIALIZER_CLASS);
  }

  /** Returns the compatibility level for subjects; null to set none. */
  public @Nullable String schemaCompatibility() {
    var level = get(RegistryKeys.COMPATIBILITY);
    return level.equals(RegistryKeys.COMPATIBILITY_UNCHANGED) ? null : level;
  }

  /**
   * Returns whether the worker is a static member, with group.instance.id, for which the group
   * waits.
   */
  public boolean isStaticMember() {
    return KafkaConfigs.isStaticMember(streamsConfig());
  }

  /** Returns the time without a poll after which Kafka considers a thread dead. */
  public Duration maxPollInterval() {
    return KafkaConfigs.maxPollInterval(streamsConfig());
  }

  /** Returns whether only programs on this machine can reach the port. */
  public boolean isHttpLocal() {
    var host = get(HttpKeys.HOST);
    return host.equals("localhost")
        || host.startsWith("127.")
        || host.equals("::1")
        || host.equals("[::1]");
  }

  /** Returns the scheme of the port: http or https. */
  public String httpScheme() {
    return find(ApiKeys.TLS_KEYSTORE) == null ? "http" : "https";
  }

  private boolean isDefault(Setting<String> setting) {
    return get(setting).equals(setting.standard());
  }

  /** Returns the settings that any of Kafka's clients needs. */
  public Map<String, Object> clientConfig() {
    return KafkaConfigs.clients(this, settings);
  }

  /** Returns the settings of serializers and deserializers of public topics. */
  public Map<String, Object> serdeConfig() {
    return KafkaConfigs.serdes(values, settings);
  }

  /** Returns the settings of Kafka Streams. */
  public Properties streamsConfig() {
    return KafkaConfigs.streams(this, settings);
  }

  /** Returns every effective setting with its source; secrets are hidden. */
  public Map<String, String> describe() {
    return describe(Assignment::shown);
  }

  /**
   * Returns the settings for the public endpoint. Settings unknown to Sluice and Kafka are hidden
   * too, since they may be secret.
   */
  public Map<String, String> published() {
    return describe(setting -> Secrets.published(setting.key(), setting.written()));
  }

  private Map<String, String> describe(Function<Assignment, String> shown) {
    var described = new LinkedHashMap<String, String>();
    for (var setting : SluiceConfigDef.settings().values()) {
      var standard = setting.standard();
      if (standard != null) {
        described.put(setting.key(), standard + " (default)");
      }
    }
    settings.forEach(
        (key, setting) -> described.put(key, shown.apply(setting) + " (" + setting.origin() + ")"));
    return Collections.unmodifiableMap(described);
  }
}
