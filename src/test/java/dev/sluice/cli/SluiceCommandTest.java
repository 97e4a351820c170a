package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.http.HttpPort;
import dev.sluice.registry.RegistryUnavailableException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ResourceLock(Resources.SYSTEM_ERR)
class SluiceCommandTest {

  @Test
  void shouldReportExpectedFailuresInASentence() {
    assertThat(SluiceCommand.expected(new RegistryUnavailableException("it is away", null)))
        .isEqualTo("it is away");
    assertThat(SluiceCommand.expected(new NoSuchFileException("/tmp/none")))
        .isEqualTo("/tmp/none does not exist");
    assertThat(SluiceCommand.expected(new TimeoutException("no answer")))
        .isEqualTo("Kafka: no answer");
    assertThat(SluiceCommand.expected(new InvalidConfigException("wrong"))).isEqualTo("wrong");
    assertThat(SluiceCommand.expected(new IllegalStateException("a fault"))).isNull();
  }

  /** Failures before any request, with exit status and message. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        "publish /nowhere/none.jsonl => no such file: /nowhere/none.jsonl",
        "token #a --role read => it must not be empty, begin with # or contain blanks",
        "token a --role read --days 0 => --days is 0; it must be at least 1",
        "token a --role read --days -5 => --days is -5; it must be at least 1",
        "watch --reason TOO_LARGE => add --rejected,",
        "watch --output events => add --rejected,",
        "watch --rejected --events => exclude each other",
        "watch --events --reason TOO_LARGE => --reason applies to rejected events",
        "check -o http.advertised.address=host:99999 => with a port from 1 to 65535",
        "run -o schema.registry.url=bob:hunter2@localhost:9 => [hidden]@localhost:9",
        "run -o bootstrap.servers=bob:hunter2@localhost:9 => [hidden]@localhost:9",
        "run -o bootstrap.servers=bob:hun@ter2@localhost => [hidden]@localhost",
        "products --url http://bob:hunter2@[::1 => http://[hidden]@[::1"
      })
  void shouldReportInOneLineWithoutTraceOrSecret(String line, String says) {
    var ran = Ran.of(line.split(" "));
    var said = ran.said();
    if (!line.startsWith("check")) { // which reports on standard output
      assertThat(ran.status()).isEqualTo(2);
      assertThat(said).startsWith("sluice: ").contains(says).hasLineCount(1);
    }
    assertThat(said).doesNotContain("hunter2", "ter2@", "\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "publish src/main/resources/demo/story.jsonl",
        "watch",
        "topics list",
        "topics check",
        "topics create"
      })
  void shouldReportAPortThatIsNotKafkas(String line) throws IOException {
    try (var port =
        HttpPort.open(
            SluiceConfig.of(Map.of("http.port", "0", "http.host", "127.0.0.1")), List.of())) {
      var ran =
          Ran.of(
              (line + " -o http.port=-1 -o bootstrap.servers=127.0.0.1:" + port.port()).split(" "));

      assertThat(ran.said()).contains("other than Kafka", "it speaks HTTP");
      assertThat(ran.status()).isEqualTo(2);
    }
  }

  @Test
  void shouldRefuseAMalformedTokenWithoutShowingIt() {
    assertThat(ApiOptions.token("SLUICE_TOKEN", "abc\n")).isEqualTo("abc");
    assertThatThrownBy(() -> ApiOptions.token("SLUICE_TOKEN", "abc\ndef"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("the token in SLUICE_TOKEN contains blanks, line breaks")
        .hasMessageNotContaining("abc");
  }

  @Test
  void shouldDescribeEachExitStatus() {
    assertThat(new picocli.CommandLine(new SluiceCommand()).getUsageMessage())
        .contains("0 done")
        .containsPattern("3 out of\\s+memory")
        .containsPattern("130 stopped\\s+by")
        .contains("143");
  }
}
