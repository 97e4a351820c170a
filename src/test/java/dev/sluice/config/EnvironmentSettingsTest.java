package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EnvironmentSettingsTest {
  /** A variable that is read, in the sources and in the script. */
  private static final Pattern READ =
      Pattern.compile("(?:getenv\\(\"|\\$\\{|env:|export )(SLUICE_[A-Z_]*[A-Z])");

  /** A variable that the documentation names must not stop a worker. */
  @Test
  void shouldTakeEveryVariableThatIsReadElsewhereForNoSetting() throws IOException {
    var read = new TreeSet<String>();
    try (var sources = Files.walk(Path.of("src/main/java"));
        var docs = Files.walk(Path.of("docs"))) {
      var files =
          Stream.of(sources, docs, Stream.of(Path.of("sluice"), Path.of("README.md")))
              .flatMap(all -> all)
              .filter(Files::isRegularFile)
              .filter(file -> file.toString().matches("sluice|.*\\.(java|md)"))
              .toList();
      for (var file : files) {
        READ.matcher(Files.readString(file)).results().forEach(found -> read.add(found.group(1)));
      }
    }
    assertThat(read).contains("SLUICE_TOKEN", "SLUICE_JAVA_OPTS", "SLUICE_LOG_LEVEL");
    assertThat(read)
        .allSatisfy(
            variable ->
                assertThatCode(
                        () -> SluiceConfig.load(null, Map.of(variable, "localhost"), List.of()))
                    .doesNotThrowAnyException());
  }
}
