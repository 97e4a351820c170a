package dev.sluice.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogLevelsTest {
  private final LoggerContext context = new LoggerContext();
  @TempDir private Path folder;

  @Test
  void shouldFollowTheFileAndGoBackWhereALineIsGone() throws IOException {
    var file = folder.resolve("levels");
    var logger = context.getLogger("a.b");
    logger.setLevel(Level.WARN);
    try (var levels = new LogLevels(context, file)) {
      levels.reload();
      assertThat(logger.getLevel()).isEqualTo(Level.WARN);

      Files.writeString(file, "# more\na.b = DEBUG\nc=OFF\n");
      levels.reload();
      assertThat(logger.getLevel()).isEqualTo(Level.DEBUG);
      assertThat(context.getLogger("c").getLevel()).isEqualTo(Level.OFF);

      Files.writeString(file, "a.b=TRACE\n");
      levels.reload();
      assertThat(logger.getLevel()).isEqualTo(Level.TRACE);
      assertThat(context.getLogger("c").getLevel()).isNull();

      Files.delete(file);
      levels.reload();
      assertThat(logger.getLevel()).isEqualTo(Level.WARN);
    }
  }

  @Test
  void shouldChangeNothingWhereALineCannotBeUsed() throws IOException {
    var file = folder.resolve("levels");
    try (var levels = new LogLevels(context, file)) {
      Files.writeString(file, "a=DEBUG\nb=LOUD\n");
      levels.reload();

      assertThat(context.getLogger("a").getLevel()).isNull();
    }
    assertThatThrownBy(() -> LogLevels.parse("a=DEBUG\nb=LOUD"))
        .hasMessageStartingWith("line 2 does not have the form logger=LEVEL");
    assertThatThrownBy(() -> LogLevels.parse("=DEBUG")).hasMessageStartingWith("line 1 ");
  }
}
