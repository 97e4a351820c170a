package dev.sluice.access.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.streams.TransactionStatistics;
import dev.sluice.streams.WorkerObserver;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandPathTest {
  /** Port 1 on loopback: nobody answers. */
  private static final Map<String, Object> NOBODY =
      Map.of(
          ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
          "127.0.0.1:1",
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          100L);

  private static CommandPath path(boolean direct) {
    return CommandPath.of(
        direct,
        "commands",
        (topic, command) -> new byte[0],
        new TransactionStatistics(WorkerObserver.NONE));
  }

  @Test
  void shouldHaveNoWayPastStreamsWhenSwitchedOff() {
    var path = path(false);

    assertThat(path.directSend()).isSameAs(DirectSend.NONE);
    try (var producer = path.clients().getProducer(NOBODY)) {
      assertThat(producer).isExactlyInstanceOf(MeasuredProducer.class);
    }
  }

  @Test
  void shouldHaveAWayPastStreamsWhenSwitchedOn() {
    var path = path(true);

    assertThat(path.directSend()).isInstanceOf(TransactionalDirectSend.class);
    try (var producer = path.clients().getProducer(NOBODY)) {
      assertThat(producer).isInstanceOf(CommandProducer.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldNotTakeAMissingAnswerAboutPartitionsForATaskThatIsCorrupted(boolean direct) {
    try (var producer = path(direct).clients().getProducer(NOBODY)) {
      assertThatThrownBy(() -> producer.partitionsFor("commands"))
          .isExactlyInstanceOf(KafkaException.class)
          .hasCauseInstanceOf(TimeoutException.class)
          .hasMessageContaining("commands");
    }
  }
}
