package dev.sluice.dev.embedded;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.utils.Time;

/**
 * A real Kafka broker inside the process: one node that is its own controller, reachable on
 * loopback only. It has one replica of everything and creates topics only on request.
 *
 * <p>{@link #start} returns when the broker answers. {@link #close} stops it properly within
 * seconds; a persistent folder can then be opened again.
 */
public final class EmbeddedKafka implements AutoCloseable {
  /** Room for a busy machine; an idle one takes two seconds. */
  private static final Duration START_MAX = Duration.ofSeconds(120);

  private static final int START_TRIES = 5;

  private final BrokerFolder folder;
  private final Ports ports;
  private final KafkaRaftServer server;
  private final CompletableFuture<EmbeddedKafkaException> fault = new CompletableFuture<>();
  private final Consumer<EmbeddedKafkaException> faultListener = fault::complete;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedKafka(BrokerFolder folder, Ports ports, EmbeddedKafkaSettings settings) {
    this.folder = folder;
    this.ports = ports;
    var properties =
        BrokerProperties.of(folder.logs(), ports, settings.partitions(), START_MAX.toMillis());
    properties.putAll(settings.properties());
    this.server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
  }

  /**
   * Starts a broker and waits until it answers.
   *
   * @throws EmbeddedKafkaException if a port or the folder is in use, or the broker does not answer
   *     in time
   */
  public static EmbeddedKafka start(EmbeddedKafkaSettings settings) {
    BrokerFolder folder = BrokerFolder.open(settings.dataFolder());
    try {
      folder.format(BrokerProperties.NODE_ID, BrokerProperties.CONTROLLER_LISTENER);
      return start(folder, settings);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static EmbeddedKafka start(BrokerFolder folder, EmbeddedKafkaSettings settings) {
    for (int tried = 1; ; tried++) {
      var kafka = new EmbeddedKafka(folder, Ports.choose(settings), settings);
      try {
        kafka.startServer();
        return kafka;
      } catch (RuntimeException e) {
        kafka.stopServer();
        // A free port may have been taken meanwhile: then other ports are chosen, or the choice
        // reports the used one.
        if (tried == START_TRIES || kafka.ports.areFree()) {
          throw e;
        }
      }
    }
  }

  /** Returns the address for clients: host and port. */
  public String bootstrapServers() {
    return Ports.HOST + ":" + ports.broker();
  }

  /** Completes with the reason if the broker fails; a close does not complete it. */
  public CompletionStage<EmbeddedKafkaException> fault() {
    return fault.minimalCompletionStage();
  }

  /** Stops the broker, and removes a temporary folder. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        stopServer();
      } finally {
        folder.close();
      }
    }
  }

  private void startServer() {
    BrokerFaults.listen(faultListener);
    try {
      server.startup();
    } catch (RuntimeException e) {
      throw new EmbeddedKafkaException("The broker inside the process did not start: " + e, e);
    }
    awaitAnswer();
  }

  private void awaitAnswer() {
    try (var admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.CLIENT_ID_CONFIG,
                "sluice-embedded"))) {
      admin.describeCluster().nodes().get(START_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new EmbeddedKafkaException(
          "The broker inside the process did not answer on "
              + bootstrapServers()
              + " within "
              + START_MAX.toSeconds()
              + " s.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedKafkaException(
          "Interrupted while waiting for the broker inside the process.", e);
    }
  }

  private void stopServer() {
    BrokerFaults.forget(faultListener);
    server.shutdown();
    server.awaitShutdown();
  }
}
