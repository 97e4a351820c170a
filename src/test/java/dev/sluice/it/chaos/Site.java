package dev.sluice.it.chaos;

import dev.sluice.config.SluiceConfig;
import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.Jars;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A broker and workers, each a process, and a registry, which is in this one. Their state is in a
 * temporary folder, their logs are kept.
 */
final class Site implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(120);
  static final int STOP_SECONDS_MAX = 60;
  private static final int WORKER_HEAP_MB = 256;
  private static final int BROKER_HEAP_MB = 512;
  private static final String PATIENCE_MS = String.valueOf(Duration.ofMinutes(10).toMillis());
  static final String RUNNING = "running: ";

  private final Guard guard = new Guard();
  private final RegistryServer registry;
  private final SluiceConfig config;
  private final Jvm broker;
  private final List<Jvm> workers = new ArrayList<>();
  private final Path folder;

  /**
   * Starts the broker, and then the workers.
   *
   * @param folder for state
   * @param logs for logs; what is in it is removed
   * @param more settings of the workers
   */
  Site(Path folder, Path logs, int workerCount, Map<String, String> more) throws IOException {
    this.folder = folder;
    remove(logs);
    Files.createDirectories(logs);
    registry = RegistryServer.start(0, null);
    var port = FreePorts.next();
    var settings = new HashMap<String, String>();
    settings.put("bootstrap.servers", "127.0.0.1:" + port);
    settings.put("schema.registry.url", registry.url());
    settings.put("application.id", "chaos");
    settings.put("topic.partitions", "4");
    settings.put("access.partitions", "4");
    settings.put("threads", "2");
    settings.put("state.memory.bytes", String.valueOf(32 << 20));
    settings.putAll(more);
    config = patient(settings);
    broker =
        new Jvm(
            "broker",
            logs.resolve("broker.log"),
            guard,
            BROKER_HEAP_MB,
            List.of(
                "-cp",
                testClasses() + File.pathSeparator + Jars.developmentClassPath(),
                BrokerProcess.class.getName(),
                folder.resolve("broker").toString(),
                String.valueOf(port)));
    var file = Files.write(folder.resolve("sluice.properties"), lines(settings));
    for (int i = 1; i <= workerCount; i++) {
      workers.add(worker(i, file, logs));
    }
    try {
      broker.start();
      await(broker, BrokerProcess.READY);
      workers.forEach(Jvm::start);
      workers.forEach(worker -> await(worker, RUNNING));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private Jvm worker(int number, Path file, Path logs) {
    return new Jvm(
        "worker-" + number,
        logs.resolve("worker-" + number + ".log"),
        guard,
        WORKER_HEAP_MB,
        List.of(
            "-jar",
            System.getProperty("sluice.jar"),
            "run",
            "-o",
            "http.port=-1",
            "--config",
            file.toString(),
            "-o",
            "data.dir=" + data("worker-" + number)));
  }

  /** For the events' publishers: the broker may be away for minutes where it is killed often. */
  private static SluiceConfig patient(Map<String, String> settings) {
    var more = new HashMap<>(settings);
    more.put("kafka.max.block.ms", PATIENCE_MS);
    more.put("kafka.delivery.timeout.ms", PATIENCE_MS);
    return SluiceConfig.of(more);
  }

  private static List<String> lines(Map<String, String> settings) {
    return settings.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  private static String testClasses() {
    try {
      return Path.of(
              BrokerProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  SluiceConfig config() {
    return config;
  }

  Jvm broker() {
    return broker;
  }

  List<Jvm> workers() {
    return workers;
  }

  /** Waits until it has said so since its start. */
  static void await(Jvm jvm, String text) {
    Awaitility.await()
        .alias(jvm.name() + " says: " + text)
        .atMost(START_MAX)
        .until(
            () -> {
              if (jvm.endedUnasked()) {
                throw new AssertionError("ended by itself, " + jvm.lastWords());
              }
              return jvm.hasSaid(text);
            });
  }

  /** The folder of the worker's data. */
  Path data(String worker) {
    return folder.resolve(worker);
  }

  /** Removes the state of a worker that does not run. */
  void loseData(Jvm worker) {
    remove(data(worker.name()));
  }

  private static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells all workers to stop, at once; those that do not within a minute. */
  List<String> stopWorkers() throws InterruptedException {
    workers.forEach(Jvm::stop);
    var late = new ArrayList<String>();
    for (var worker : workers) {
      if (!worker.awaitEnd(STOP_SECONDS_MAX)) {
        late.add(worker.name());
      }
    }
    return late;
  }

  @Override
  public void close() {
    workers.forEach(Jvm::kill);
    broker.kill();
    registry.close();
    guard.close();
  }
}
