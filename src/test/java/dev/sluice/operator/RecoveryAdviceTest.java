package dev.sluice.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryAdviceTest {
  private static final SluiceConfig CONFIG =
      SluiceConfig.of(Map.of("bootstrap.servers", "kafka:9092", "application.id", "access"));

  @Test
  void conditionStandsBeforeTheSteps() {
    assertThat(RecoveryAdvice.beginAnewWith("t.product-events"))
        .startsWith(
            "if t.product-events still hold every event, begin anew: set application.id to one"
                + " that was never used, data.dir to an empty folder, and commands.epoch to one"
                + " more than");
    assertThat(RecoveryAdvice.stateLost("t.product-events"))
        .startsWith("its state, or unfinished work, is lost")
        .contains("Stop all workers, and if t.product-events still hold every event, begin anew")
        .endsWith("; otherwise restore the topic from a backup");
  }

  @Test
  void commandsCanBeRunAsTheyAre() {
    assertThat(RecoveryAdvice.resetOffsets(CONFIG, "product-events:3", "offset 42"))
        .isEqualTo(
            "kafka-consumer-groups.sh --bootstrap-server kafka:9092 --group access --reset-offsets"
                + " --execute --topic product-events:3 --to-offset 42");
    assertThat(RecoveryAdvice.alterTopic(CONFIG, "product-events", "retention.ms=-1"))
        .isEqualTo(
            "kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics"
                + " --entity-name product-events --add-config retention.ms=-1");
  }

  /** Texts that several classes had, each in its own words. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "that was never used",
        "still hold every event, ",
        "--reset-offsets",
        "--entity-type topics"
      })
  void eachRemedyHasOneText(String text) throws IOException {
    try (var sources = Files.walk(Path.of("src/main/java"))) {
      assertThat(
              sources
                  .filter(file -> file.toString().endsWith(".java"))
                  .filter(file -> read(file).contains(text))
                  .map(file -> file.getFileName().toString()))
          .isEqualTo(List.of("RecoveryAdvice.java"));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
