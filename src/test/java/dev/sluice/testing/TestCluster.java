package dev.sluice.testing;

import dev.sluice.config.SluiceConfig;
import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import dev.sluice.dev.registry.RegistryServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A broker for the tests of a class, with what workers on it need: settings, a registry, a folder.
 *
 * <pre>{@code
 * @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();
 * }</pre>
 *
 * <p>The shared broker starts with the first class that uses it, and stops after the last. Its
 * users have {@code application.id}s of their own, from which the names of topics follow. A class
 * that changes the broker or its topics' defaults has a broker of its own.
 */
public final class TestCluster implements BeforeAllCallback, AfterAllCallback {
  /** Settings of a broker that soon gives up members and transactions of ended workers. */
  public static final Map<String, String> QUICK =
      Map.of(
          "group.min.session.timeout.ms",
          "1000",
          "transaction.abort.timed.out.transaction.cleanup.interval.ms",
          "1000");

  /**
   * Settings of a broker that compacts nothing during a test: many tests read all commands that
   * were ever written. Far record times otherwise end a segment at once.
   */
  private static final Map<String, String> UNCOMPACTED =
      Map.of("log.cleaner.backoff.ms", "86400000");

  /** A broker in a folder that is removed with it. */
  private record Broker(EmbeddedKafka kafka, Path folder) implements AutoCloseable {
    static Broker start(Map<String, String> settings) {
      var folder = TestFolders.create("sluice-kafka-");
      var all = new HashMap<>(UNCOMPACTED);
      all.putAll(settings);
      return new Broker(
          EmbeddedKafka.start(EmbeddedKafkaSettings.lasting(folder).withProperties(all)), folder);
    }

    @Override
    public void close() {
      kafka.close();
      TestFolders.remove(folder);
    }
  }

  private static final Namespace NAMESPACE = Namespace.create(TestCluster.class);

  /** The class that uses an application.id on the shared broker. */
  private static final Map<String, String> USERS = new ConcurrentHashMap<>();

  private final @Nullable Map<String, String> own;
  private @Nullable Broker broker;
  private @Nullable RegistryServer registry;
  private @Nullable Path folder;
  private String user = "";

  private TestCluster(@Nullable Map<String, String> own) {
    this.own = own;
  }

  /** Returns a cluster on the broker that all classes of this process share. */
  public static TestCluster shared() {
    return new TestCluster(null);
  }

  /** Returns a cluster with a broker for the class alone, with more settings of the broker. */
  public static TestCluster own(Map<String, String> brokerSettings) {
    var settings = new HashMap<>(QUICK);
    settings.putAll(brokerSettings);
    return new TestCluster(settings);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    user = context.getRequiredTestClass().getName();
    folder = TestFolders.create("sluice-test-");
    broker =
        own != null
            ? Broker.start(own)
            : context
                .getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent("broker", key -> Broker.start(QUICK), Broker.class);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (registry != null) {
      registry.close();
    }
    if (own != null && broker != null) {
      broker.close();
    }
    if (folder != null) {
      TestFolders.remove(folder);
    }
  }

  /** Returns the broker's address: host and port. */
  public String bootstrapServers() {
    return Objects.requireNonNull(broker).kafka.bootstrapServers();
  }

  /** Returns the class's folder, which is removed after its last test. */
  public Path folder() {
    return Objects.requireNonNull(folder);
  }

  /** Returns a registry server of the class, which starts at the first call. */
  public synchronized RegistryServer registry() {
    if (registry == null) {
      try {
        registry = RegistryServer.start(0, null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return registry;
  }

  /**
   * Returns the settings of a small worker with an API that is off, a registry in memory, and its
   * state in a folder named as the id.
   */
  public SluiceConfig config(String id, Map<String, String> more) {
    return config(id, id, more);
  }

  /** Returns the same settings with the state in that folder of the class's folder. */
  public SluiceConfig config(String id, String dataDir, Map<String, String> more) {
    if (own == null && !USERS.computeIfAbsent(id, key -> user).equals(user)) {
      throw new IllegalArgumentException(id + " is an application.id of " + USERS.get(id));
    }
    return Workers.config(bootstrapServers(), id, folder().resolve(dataDir), more);
  }
}
