package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
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
  void shouldHoldBackKafkasRepeatedWarningsAlone() {
    assertThat(say("org.apache.kafka.clients.Fetcher", Level.WARN)).isEqualTo(FilterReply.NEUTRAL);
    assertThat(say("org.apache.kafka.clients.Fetcher", Level.WARN)).isEqualTo(FilterReply.DENY);
    for (int i = 0; i < 2; i++) {
      assertThat(say("org.apache.kafka.clients.Fetcher", Level.ERROR))
          .isEqualTo(FilterReply.NEUTRAL);
      assertThat(say("dev.sluice.runtime.Worker", Level.WARN)).isEqualTo(FilterReply.NEUTRAL);
    }
  }
}
