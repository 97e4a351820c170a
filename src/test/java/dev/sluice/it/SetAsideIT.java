package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.event.Events;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.Resource;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import dev.sluice.update.UpdatesTopic;
import dev.sluice.update.wire.BadUpdates;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A record between the stages that no worker can process, and the way out. */
@Execution(ExecutionMode.CONCURRENT) // mostly waiting
@ResourceLock(value = Resource.FAILURE_LOG, mode = ResourceAccessMode.READ)
class SetAsideIT {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static SluiceConfig config(Map<String, String> more) {
    var settings = new HashMap<>(more);
    // A thread that fails does not leave its group: its work waits for the end of its session.
    settings.put("streams.session.timeout.ms", "4000");
    settings.put("streams.heartbeat.interval.ms", "1000");
    return CLUSTER.config("poison", settings);
  }

  /** Writes a revision that the access stage knows already; returns where it stands. */
  private static long poison(SluiceConfig config, byte[] value) throws Exception {
    var settings = new HashMap<>(config.clientConfig());
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      return producer
          .send(new ProducerRecord<>(UpdatesTopic.of("poison"), 0, "p1".getBytes(UTF_8), value))
          .get()
          .offset();
    }
  }

  @Test
  void shouldEndWithTheRemedyAndContinueAfterIt() throws Exception {
    var update = BadUpdates.goesBack();
    var config = config(Map.of());
    long offset;
    long garbage;
    try (var worker = Workers.running(config)) {
      Workers.publish(
          config,
          Events.published("p1", "one", Events.sources("s1")),
          Events.approved("p1", "r1", "ana"));
      Workers.awaitCommands(config, 1);
      offset = poison(config, update);
      garbage = poison(config, "garbage".getBytes(UTF_8));
      Awaitility.await()
          .dontCatchUncaughtExceptions() // a thread that is replaced dies of what it met with
          .atMost(Workers.TIMEOUT)
          .untilAsserted(() -> assertThat(worker.status().unsettled()).contains("(1 of 1 tries)"));

      assertThat(Workers.endOf(worker))
          .hasMessageContaining(
              "the record at offset %d of %s partition 0 cannot be processed: product p1 goes from"
                  .formatted(offset, UpdatesTopic.of("poison")))
          .hasMessageContaining("records.set.aside=access-updates:0:" + offset)
          .message()
          .as("no stack trace")
          .doesNotContain("stacktrace");
    }

    var names = "access-updates:0:%d,access-updates:0:%d".formatted(offset, garbage);
    var aside = config(Map.of("records.set.aside", names));
    try (var worker = Workers.running(aside)) {
      Workers.publish(aside, Events.approved("p1", "r2", "ben"));
      Workers.awaitCommands(aside, 2);
      worker.failIfEnded();
    }
    var log = CommittedLog.read(aside);
    assertThat(log.rejections).containsExactly("SET_ASIDE", "SET_ASIDE");
    assertThat(log.rejected.getFirst().value()).isEqualTo(update);
    assertThat(
            new String(
                log.rejected.getFirst().headers().lastHeader(RejectionHeaders.OFFSET).value(),
                UTF_8))
        .isEqualTo("" + offset);
    assertThat(log.rejected.get(1).value()).isEqualTo("garbage".getBytes(UTF_8));

    Workers.running(aside).close();
    assertThat(CommittedLog.read(aside).rejections).as("never a second time").hasSize(2);
  }
}
