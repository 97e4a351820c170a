package dev.sluice.testing;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.client.CaughtUpWaiter;
import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.Event;
import dev.sluice.worker.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;

/** Small workers in this process, and what tests do with them. */
public final class Workers {
  /** Maximum wait for evidence; the machine may be busy. */
  public static final Duration TIMEOUT = Duration.ofSeconds(240);

  /** Maximum time of a stop for workers whose threads nothing stops in good order. */
  public static final Duration FORCED_STOP = Duration.ofSeconds(2);

  private Workers() {}

  /** Returns the settings of a worker with one thread, a registry in memory, and no API. */
  public static SluiceConfig config(
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
    // Time enough to stop in good order, however busy the machine is.
    settings.put("shutdown.timeout.ms", Long.toString(TIMEOUT.toMillis()));
    settings.put("data.dir", dataDir.toString());
    settings.putAll(more);
    return SluiceConfig.of(settings);
  }

  /** Starts a worker, which may not run yet. */
  public static Worker start(SluiceConfig config) {
    return Worker.start(config, (type, outcome) -> {});
  }

  /** Starts a worker, and waits until it runs. */
  public static Worker running(SluiceConfig config) throws InterruptedException {
    var worker = start(config);
    worker.awaitRunning(TIMEOUT);
    return worker;
  }

  /** Publishes events, and returns when Kafka has them. */
  public static void publish(SluiceConfig config, Event... events) {
    publish(config, List.of(events));
  }

  /** Publishes events, and returns when Kafka has them. */
  public static void publish(SluiceConfig config, List<? extends Event> events) {
    try (var publisher = new EventPublisher(config)) {
      events.forEach(publisher::send);
      publisher.flush();
    }
  }

  /** Waits until all input is processed, and its commands are committed. */
  public static void settle(SluiceConfig config) throws InterruptedException {
    settle(config, () -> {});
  }

  /**
   * Waits until all input is processed, and its commands are committed.
   *
   * @param meanwhile is run again and again; throws to end the wait
   */
  public static void settle(SluiceConfig config, Runnable meanwhile) throws InterruptedException {
    try (var admin = Admin.create(config.clientConfig())) {
      new CaughtUpWaiter(admin, config.applicationId(), new Topics(config.topicPrefix()))
          .await(TIMEOUT, meanwhile);
    }
  }

  /** Waits until exactly so many commands are committed. */
  public static void awaitCommands(SluiceConfig config, int count) {
    Awaitility.await()
        .atMost(TIMEOUT)
        .until(() -> CommittedLog.read(config).commands.size() == count);
  }

  /** Waits until the worker has given up, and says why. */
  public static Throwable endOf(Worker worker) {
    return Awaitility.await()
        .dontCatchUncaughtExceptions()
        .atMost(TIMEOUT)
        .until(() -> catchThrowable(worker::failIfEnded), Objects::nonNull);
  }
}
