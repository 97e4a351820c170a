package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.startup.TopicSetup;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;

/** A topology that the worker is compared with, running with the worker's settings of Streams. */
final class StartedStreams implements AutoCloseable {
  private static final Duration STOP_MAX = Duration.ofSeconds(30);

  private final String name;
  private final KafkaStreams streams;
  private final CountDownLatch running = new CountDownLatch(1);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private StartedStreams(String name, Topology topology, SluiceConfig config) {
    this.name = name;
    streams = new KafkaStreams(topology, config.streamsConfig());
    streams.setUncaughtExceptionHandler(
        error -> {
          failure.compareAndSet(null, error);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setStateListener(
        (now, before) -> {
          if (now != KafkaStreams.State.REBALANCING && now != KafkaStreams.State.CREATED) {
            running.countDown();
          }
        });
  }

  /**
   * Creates the public topics and starts; returns once it runs.
   *
   * @param name for messages
   * @throws BenchException if it does not run in time
   */
  static StartedStreams start(String name, Topology topology, SluiceConfig config, Duration timeout)
      throws InterruptedException {
    try (var admin = Admin.create(config.clientConfig())) {
      new TopicSetup(admin, config).ensure();
    }
    var started = new StartedStreams(name, topology, config);
    started.streams.start();
    if (!started.running.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      started.close();
      throw new BenchException("%s is not running after %d s".formatted(name, timeout.toSeconds()));
    }
    return started;
  }

  /**
   * Does nothing while it runs.
   *
   * @throws BenchException if it failed
   */
  void failIfEnded() {
    var error = failure.get();
    if (error != null) {
      throw new BenchException("%s failed: %s".formatted(name, error), error);
    }
  }

  @Override
  public void close() {
    streams.close(
        CloseOptions.timeout(STOP_MAX)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
  }
}
