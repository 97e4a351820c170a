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
 * <p>Defaults give way to a file, the file to environment variables, and those to the command line.
 * The settings stand in {@link KafkaKeys}, {@link RegistryKeys}, {@link WorkerKeys}, {@link
 * HttpKeys}, {@link ApiKeys} and {@link LogKeys}; docs/configuration.md is made from them.
 */
public final class SluiceConfig {
  private final Map<String, Assignment> settings;
  private final AbstractConfig values;

  private SluiceConfig(Map<String, Assignment> settings) {
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
    var made = new ArrayList<Assignment>();
    if (file != null) {
      made.addAll(SettingsFile.read(file));
    }
    made.addAll(EnvironmentSettings.read(environment));
    made.addAll(OptionSettings.read(overrides));
    return of(made, environment);
  }

  /** Settings that the program gives itself, as a test or the demo does. */
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
   * The value of a setting that always has one.
   *
   * @throws IllegalArgumentException for a setting without a default: {@link #find} is for those
   */
  public <T> T get(Setting<T> setting) {
    var value = find(setting);
    if (value == null || !setting.isAlwaysPresent()) {
      throw new IllegalArgumentException(setting + " has no default");
    }
    return value;
  }

  /** The value of a setting; null where there is none. */
  public <T> @Nullable T find(Setting<T> setting) {
    return setting.read(values.values().get(setting.key()));
  }

  /** The brokers, as clients take them: host:port, separated by commas. */
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
   * How long a schema id is waited for that the registry does not have. A thread that waits holds a
   * transaction open; where Kafka ends that, the thread has to restore all its state. So it is half
   * of what a transaction may last beyond the time that it gathers, at most: two may follow each
   * other in one.
   */
  public Duration unknownSchemaWait() {
    var wanted = get(RegistryKeys.UNKNOWN_SCHEMA_WAIT);
    var spare =
        KafkaConfigs.transactionTimeout(streamsConfig()).minus(get(WorkerKeys.COMMIT_INTERVAL));
    var most = spare.isNegative() ? Duration.ZERO : spare.dividedBy(2);
    return wanted.compareTo(most) < 0 ? wanted : most;
  }

  /** Whether schemas are registered that the registry does not have. */
  public boolean registersSchemas() {
    return get(RegistryKeys.AUTO_REGISTER) && !get(RegistryKeys.USE_LATEST_VERSION);
  }

  /** Whether it is Sluice's own serializer that writes. */
  public boolean hasOwnSerializer() {
    return isDefault(RegistryKeys.SERIALIZER_CLASS);
  }

  /** Whether it is Sluice's own deserializer that reads. */
  public boolean hasOwnDeserializer() {
    return isDefault(RegistryKeys.DESERIALIZER_CLASS);
  }

  /** The compatibility level that subjects are to have; null where others see to it. */
  public @Nullable String schemaCompatibility() {
    var level = get(RegistryKeys.COMPATIBILITY);
    return level.equals(RegistryKeys.COMPATIBILITY_UNCHANGED) ? null : level;
  }

  /**
   * Whether the group knows the worker by a name of its own, group.instance.id, and waits for it.
   */
  public boolean isStaticMember() {
    return KafkaConfigs.isStaticMember(streamsConfig());
  }

  /** After how long without a poll Kafka takes a thread for dead. */
  public Duration maxPollInterval() {
    return KafkaConfigs.maxPollInterval(streamsConfig());
  }

  /** Whether only programs on this machine reach it. */
  public boolean isHttpLocal() {
    var host = get(HttpKeys.HOST);
    return host.equals("localhost")
        || host.startsWith("127.")
        || host.equals("::1")
        || host.equals("[::1]");
  }

  /** What the port speaks: http or https. */
  public String httpScheme() {
    return find(ApiKeys.TLS_KEYSTORE) == null ? "http" : "https";
  }

  private boolean isDefault(Setting<String> setting) {
    return get(setting).equals(setting.standard());
  }

  /** What any of Kafka's clients needs to reach the cluster. */
  public Map<String, Object> clientConfig() {
    return KafkaConfigs.clients(this, settings);
  }

  /** What serializers and deserializers of public topics are configured with. */
  public Map<String, Object> serdeConfig() {
    return KafkaConfigs.serdes(values, settings);
  }

  /** What Kafka Streams is started with. */
  public Properties streamsConfig() {
    return KafkaConfigs.streams(this, settings);
  }

  /** Every setting in effect, with where it was made; secrets are hidden. */
  public Map<String, String> describe() {
    return describe(Assignment::shown);
  }

  /**
   * The same for everybody who can reach the worker: what neither Sluice nor Kafka knows is hidden
   * too, for nobody can tell whether it is secret.
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
