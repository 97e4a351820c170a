package dev.sluice.it;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.ProductEvent;
import dev.sluice.worker.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;

/** Workers in this process that meet with trouble: small, and quick to stop. */
final class Scene {
  /** Generous: what is tested is that something happens, and the machine may be busy. */
  static final Duration TIMEOUT = Duration.ofSeconds(120);

  /** Maximum time of a stop. */
  static final Duration SHUTDOWN = Duration.ofSeconds(2);

  /** A broker that soon gives up members and transactions of workers that are gone. */
  static final Map<String, String> QUICK =
      Map.of(
          "group.min.session.timeout.ms",
          "1000",
          "transaction.abort.timed.out.transaction.cleanup.interval.ms",
          "1000");

  private Scene() {}

  static SluiceConfig config(
      String bootstrapServers, String id, Path dataDir, Map<String, String> more) {
    var settings = new HashMap<String, String>();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("schema.registry.url", "mock://" + id);
    settings.put("application.id", id);
    settings.put("topic.prefix", id + ".");
    settings.put("topic.partitions", "2");
    settings.put("access.partitions", "1");
    settings.put("threads", "1");
    // Tests run beside each other.
    settings.put("http.port", "-1");
    settings.put("shutdown.timeout.ms", Long.toString(SHUTDOWN.toMillis()));
    settings.put("data.dir", dataDir.toString());
    settings.putAll(more);
    return SluiceConfig.of(settings);
  }

  static Worker start(SluiceConfig config) {
    return Worker.start(config, (type, outcome) -> {});
  }

  static Worker running(SluiceConfig config) throws InterruptedException {
    var worker = start(config);
    worker.awaitRunning(TIMEOUT);
    return worker;
  }

  static void publish(SluiceConfig config, ProductEvent... events) {
    try (var publisher = new EventPublisher(config)) {
      List.of(events).forEach(publisher::send);
      publisher.flush();
    }
  }

  static void awaitCommands(SluiceConfig config, int count) {
    Awaitility.await()
        .atMost(TIMEOUT)
        .until(() -> CommittedLog.read(config).commands.size() == count);
  }

  /** Waits until the worker has given up, and says why. */
  static Throwable endOf(Worker worker) {
    return Awaitility.await()
        .dontCatchUncaughtExceptions()
        .atMost(TIMEOUT)
        .until(() -> catchThrowable(worker::failIfEnded), Objects::nonNull);
  }
}
