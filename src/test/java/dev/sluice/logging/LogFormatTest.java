package dev.sluice.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogFormatTest {

  @Test
  void shouldWriteALineOfJsonWithTheEventsIdAndWhatFailed() throws IOException {
    var context = new LoggerContext();
    var logger = context.getLogger("dev.sluice.Some");
    var event =
        new LoggingEvent(
            "fqcn",
            logger,
            Level.WARN,
            "went {}\n\"wrong\"",
            new IllegalStateException("because"),
            new Object[] {"all"});
    event.setKeyValuePairs(List.of(new KeyValuePair("eventId", "e1")));

    var line = new String(LogFormat.encoder(context).encode(event), UTF_8);

    assertThat(line.strip()).doesNotContain("\n");
    var json = new ObjectMapper().readTree(line);
    assertThat(json.get("level").asText()).isEqualTo("WARN");
    assertThat(json.get("loggerName").asText()).isEqualTo("dev.sluice.Some");
    assertThat(json.get("formattedMessage").asText()).isEqualTo("went all\n\"wrong\"");
    assertThat(json.get("kvpList").toString()).contains("eventId").contains("e1");
    assertThat(json.get("throwable").toString()).contains("because");
    assertThat(json.get("timestamp").isIntegralNumber()).isTrue();
  }
}
