package dev.sluice.dev.cli;

import dev.sluice.cli.ConfigOptions;
import dev.sluice.cli.Terminal;
import dev.sluice.dev.bench.Bench;
import dev.sluice.dev.bench.BenchException;
import dev.sluice.dev.bench.Cleanup;
import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import dev.sluice.dev.embedded.Folders;
import dev.sluice.startup.StartPreconditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Site of measurements: an embedded or external broker, and a folder. Everything is removed at the
 * end, even after a termination signal.
 */
final class BenchSite implements AutoCloseable {
  private final ConfigOptions options;
  private final @Nullable String servers;
  private final Path folder;
  private final String prefix = "bench-" + System.currentTimeMillis() + "-";
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable EmbeddedKafka own;
  private volatile @Nullable Bench reached;

  private BenchSite(ConfigOptions options, @Nullable String servers, Path folder) {
    this.options = options;
    this.servers = servers;
    this.folder = folder;
  }

  /**
   * Opens a site that is not ready yet.
   *
   * @param servers the external broker; null for an embedded one
   */
  static BenchSite open(ConfigOptions options, @Nullable String servers) throws IOException {
    options.load(); // wrong settings are reported before anything starts
    var site = new BenchSite(options, servers, Files.createTempDirectory("sluice-bench-"));
    Runtime.getRuntime().addShutdownHook(new Thread(site::close));
    return site;
  }

  /**
   * Starts the broker, or checks that it answers.
   *
   * @param warmUp minimum time of the uncounted rounds
   * @param metrics whether the worker has metrics
   */
  Bench ready(int rounds, Duration warmUp, boolean metrics) {
    var progress = new ConsoleProgress();
    if (servers == null) {
      var kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.lasting(folder.resolve("kafka")));
      own = kafka;
      return new Bench(
          options::load,
          kafka.bootstrapServers(),
          prefix,
          folder,
          rounds,
          warmUp,
          metrics,
          progress);
    }
    var bench =
        new Bench(options::load, servers, prefix, folder, rounds, warmUp, metrics, progress);
    var config = bench.config("reach");
    try (var admin = Admin.create(config.clientConfig())) {
      StartPreconditions.reach(admin, config);
    }
    reached = bench;
    return bench;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      var bench = reached;
      if (bench != null) {
        Cleanup.remove(bench.config("cleanup"), prefix);
      }
    } catch (BenchException e) {
      Terminal.failures(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      var kafka = own;
      if (kafka != null) {
        kafka.close();
      }
      Folders.remove(folder);
    }
  }
}
