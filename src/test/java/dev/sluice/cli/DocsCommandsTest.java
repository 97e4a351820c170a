package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the documents to the command line: the commands and options that they print exist. */
class DocsCommandsTest {
  private static final Pattern COMMAND =
      Pattern.compile("(?:\\./|`)sluice ([a-z]+)((?:[^`\n|#>\\\\]|\\\\\n)*)");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z][a-z-]*");

  @Test
  void shouldPrintOnlyExistingCommandsAndOptions() throws IOException {
    var line = SluiceCommand.line(DevelopmentTools.find());
    var unknown = new ArrayList<String>();
    var found = 0;
    for (var doc : docs()) {
      for (var printed : COMMAND.matcher(Files.readString(doc)).results().toList()) {
        found++;
        var first = line.getSubcommands().get(printed.group(1));
        if (first == null) {
          unknown.add(doc + ": " + printed.group());
          continue;
        }
        // A command may have commands of its own, such as executor plan.
        var second = first.getSubcommands().get(printed.group(2).strip().split(" ")[0]);
        var command = second == null ? first : second;
        OPTION
            .matcher(printed.group(2))
            .results()
            .filter(option -> command.getCommandSpec().findOption(option.group()) == null)
            .forEach(option -> unknown.add(doc + ": " + printed.group() + ": " + option.group()));
      }
    }

    assertThat(unknown).isEmpty();
    assertThat(found).isGreaterThan(50);
  }

  private static List<Path> docs() throws IOException {
    try (var docs = Files.walk(Path.of("docs"))) {
      return Stream.concat(docs, Stream.of("README.md", "deploy/README.md").map(Path::of))
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }
}
