package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.event.Events;
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.WorkerProcess;
import dev.sluice.testing.Workers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The worker's process while there is no broker, or no use in going on. */
@Execution(ExecutionMode.CONCURRENT) // mostly waiting
class OutageIT {
  /** Longer than every timeout of the worker's clients. */
  private static final Duration OUTAGE = Duration.ofSeconds(7);

  private static final Pattern ANSWERS = Pattern.compile("Kafka answers again, after (\\d+) s");

  private static final Duration SHUTDOWN = Duration.ofSeconds(2);

  /**
   * Extra time for the end of the process on a busy machine. It is real time: a process that waited
   * for the broker would never end.
   */
  private static final Duration ENDING = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private Map<String, String> settings(String bootstrapServers, String registryUrl) {
    var settings = new HashMap<String, String>();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("schema.registry.url", registryUrl);
    settings.put("topic.partitions", "2");
    settings.put("access.partitions", "2");
    settings.put("data.dir", folder.resolve("data").toString());
    settings.put("shutdown.timeout.ms", Long.toString(SHUTDOWN.toMillis()));
    settings.put("kafka.request.timeout.ms", "1500");
    settings.put("kafka.default.api.timeout.ms", "2000");
    settings.put("streams.session.timeout.ms", "3000");
    settings.put("streams.producer.transaction.timeout.ms", "4000");
    settings.put("streams.heartbeat.interval.ms", "500");
    settings.put("streams.producer.delivery.timeout.ms", "3000");
    settings.put("streams.producer.max.block.ms", "2000");
    return settings;
  }

  private EmbeddedKafka broker(int port) {
    return EmbeddedKafka.start(
        EmbeddedKafkaSettings.lasting(folder.resolve("kafka"))
            .withBrokerPort(port)
            .withProperties(TestCluster.QUICK));
  }

  @Test
  void shouldWaitForALongOutageAndStopInTimeDuringIt() throws Exception {
    var port = FreePorts.next();
    var events = WorkerIT.history(23, 700);
    try (var registry = RegistryServer.start(0, null)) {
      var config = SluiceConfig.of(settings("127.0.0.1:" + port, registry.url()));
      var first = broker(port);
      try (var worker =
          WorkerProcess.start(
              folder.resolve("log.txt"), settings("127.0.0.1:" + port, registry.url()))) {
        worker.awaitLine("running: 2 threads");
        Workers.publish(config, events.subList(0, 500));
        // In the middle of its work.
        first.close();
        worker.awaitLine("waiting: Kafka at ");
        // Real time: the timeouts of the clients must have passed, however long that takes.
        Thread.sleep(OUTAGE.toMillis());

        try (var second = broker(port)) {
          worker.awaitLine("Kafka answers again, after ");
          assertOneLineInHalfAMinute(worker.lines());
          Workers.publish(config, events.subList(500, events.size()));
          Workers.settle(config);
          WorkerIT.agree(config, events);
          assertThat(second.bootstrapServers()).endsWith(":" + port);
        }
        worker.terminate();
        assertThat(worker.status(SHUTDOWN.plus(ENDING))).isEqualTo(143);
        assertThat(worker.lines().stream().filter(line -> line.matches("\\d\\d:\\d\\d:.*")))
            .as("no flood")
            .hasSizeLessThan(100);
      } finally {
        first.close();
      }
    }
  }

  private static void assertOneLineInHalfAMinute(List<String> lines) {
    var outage =
        lines.stream()
            .map(ANSWERS::matcher)
            .filter(Matcher::find)
            .mapToLong(found -> Long.parseLong(found.group(1)))
            .sum();
    assertThat(lines.stream().filter(line -> line.contains("waiting: Kafka at ")).count())
        .as("lines in %d s", outage)
        .isBetween(1L, 1 + outage / 30);
  }

  @Test
  void shouldStopAtOnceWhileItWaitsForAMissingBroker() throws Exception {
    // Takes connections, and answers nothing.
    try (var broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      broker.setSoTimeout((int) Workers.TIMEOUT.toMillis());
      var settings =
          settings("127.0.0.1:" + broker.getLocalPort(), "http://127.0.0.1:" + FreePorts.next());
      try (var worker = WorkerProcess.start(folder.resolve("log.txt"), settings);
          var connection = broker.accept()) {
        assertThat(connection.isConnected()).as("the worker waits for an answer").isTrue();
        worker.terminate();

        assertThat(worker.status(ENDING)).isEqualTo(143);
      }
    }
  }

  @Test
  void shouldEndTheProcessAtOnceAfterAnError() throws Exception {
    try (var kafka = broker(FreePorts.next());
        var registry = RegistryServer.start(0, null)) {
      var settings = settings(kafka.bootstrapServers(), registry.url());
      var config = SluiceConfig.of(settings);
      settings.put("sluice.deserializer.class", OverflowingDeserializer.class.getName());
      try (var worker = WorkerProcess.start(folder.resolve("log.txt"), settings)) {
        worker.awaitLine("running: 2 threads");
        Workers.publish(config, List.of(Events.published("p1", "s1")));

        assertThat(worker.status(Workers.TIMEOUT)).isEqualTo(1);
        assertThat(worker.lines())
            .anyMatch(line -> line.startsWith("sluice: the worker stopped: "))
            .anyMatch(line -> line.contains("StackOverflowError"))
            .noneMatch(line -> line.contains("trying again ("));
      }
    }
  }
}
