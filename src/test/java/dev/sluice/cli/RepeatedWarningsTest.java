package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
import dev.sluice.streams.PoisonedRecordException;
import dev.sluice.streams.SetAsideRecords;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.junit.jupiter.api.Test;

class RepeatedWarningsTest {
  private static final long SECOND = 1_000_000_000L;

  private final RepeatedWarnings filter = new RepeatedWarnings();
  private final LoggerContext loggers = new LoggerContext();

  private FilterReply say(String logger, Level level) {
    Logger from = loggers.getLogger(logger);
    return filter.decide(null, from, level, "no leader for {}", new Object[] {"p"}, null);
  }

  @Test
  void shouldLetAWarningThroughOnceInTenSeconds() {
    assertThat(filter.isDue("a", 5)).isTrue();
    assertThat(filter.isDue("a", 9 * SECOND)).isFalse();
    assertThat(filter.isDue("b", 9 * SECOND)).isTrue();
    assertThat(filter.isDue("a", 11 * SECOND)).isTrue();
  }

  @Test
  void shouldSuppressOnlyRepeatedWarningsOfKafka() {
    assertThat(say("org.apache.kafka.clients.Fetcher", Level.WARN)).isEqualTo(FilterReply.NEUTRAL);
    assertThat(say("org.apache.kafka.clients.Fetcher", Level.WARN)).isEqualTo(FilterReply.DENY);
    for (int i = 0; i < 2; i++) {
      assertThat(say("org.apache.kafka.clients.Fetcher", Level.ERROR))
          .isEqualTo(FilterReply.NEUTRAL);
      assertThat(say("dev.sluice.worker.Worker", Level.WARN)).isEqualTo(FilterReply.NEUTRAL);
    }
  }

  @Test
  void shouldSuppressRareTransactionWarnings() {
    Logger sender = loggers.getLogger("org.apache.kafka.clients.producer.internals.Sender");
    var passing = new Object[] {1, "p-0", 9, "CONCURRENT_TRANSACTIONS. Error Message: later"};
    var said = 0;
    for (int i = 0; i < 2 * RepeatedWarnings.OFTEN - 1; i++) {
      said +=
          filter.decide(null, sender, Level.WARN, "Got error {} {} {} {}", passing, null)
                  == FilterReply.NEUTRAL
              ? 1
              : 0;
    }
    assertThat(said).isEqualTo(1);
    var other = new Object[] {1, "p-0", 9, "NOT_ENOUGH_REPLICAS"};
    assertThat(filter.decide(null, sender, Level.WARN, "Got error {} {} {} {}", other, null))
        .isEqualTo(FilterReply.NEUTRAL);
  }

  @Test
  void shouldSuppressThatAnOffsetIsUndecided() {
    Logger offsets =
        loggers.getLogger(
            "org.apache.kafka.clients.admin.internals.ListConsumerGroupOffsetsHandler");
    var format = "Skipping return offset for {} due to error {}.";
    var undecided = new Object[] {"p-0", Errors.UNSTABLE_OFFSET_COMMIT};
    var other = new Object[] {"p-0", Errors.TOPIC_AUTHORIZATION_FAILED};

    assertThat(filter.decide(null, offsets, Level.WARN, format, undecided, null))
        .isEqualTo(FilterReply.DENY);
    assertThat(filter.decide(null, offsets, Level.WARN, format, other, null))
        .isEqualTo(FilterReply.NEUTRAL);
  }

  @Test
  void shouldLetTheWorkerReportAPoisonedRecord() {
    Logger streams = loggers.getLogger("org.apache.kafka.streams.processor.internals.TaskExecutor");
    var ours =
        new RuntimeException(
            PoisonedRecordException.of(
                SetAsideRecords.Input.UPDATES,
                new ProcessorRecordContext(0, 12, 0, "updates", new RecordHeaders()),
                new IllegalStateException("product p1 goes back")));
    assertThat(filter.decide(null, streams, Level.ERROR, "failed", null, ours))
        .isEqualTo(FilterReply.DENY);
    assertThat(
            filter.decide(null, streams, Level.ERROR, "{} failed", new Object[] {"p", ours}, null))
        .isEqualTo(FilterReply.DENY);
    assertThat(
            filter.decide(
                null, streams, Level.ERROR, "failed", null, new IllegalStateException("other")))
        .isEqualTo(FilterReply.NEUTRAL);
  }
}
