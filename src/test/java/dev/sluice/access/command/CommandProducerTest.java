package dev.sluice.access.command;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.streams.TransactionStatistics;
import dev.sluice.streams.WorkerObserver;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class CommandProducerTest {
  /** Port 1 on loopback: nobody answers. */
  private static final Map<String, Object> NOBODY =
      Map.of(
          ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
          "127.0.0.1:1",
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          100L);

  @Test
  void shouldNotTakeAMissingAnswerAboutPartitionsForATaskThatIsCorrupted() {
    var directSend = new TransactionalDirectSend("commands", (topic, command) -> new byte[0]);
    try (var producer =
        new CommandProducer(NOBODY, directSend, new TransactionStatistics(WorkerObserver.NONE))) {
      assertThatThrownBy(() -> producer.partitionsFor("commands"))
          .isExactlyInstanceOf(KafkaException.class)
          .hasCauseInstanceOf(TimeoutException.class)
          .hasMessageContaining("commands");
    }
  }
}
