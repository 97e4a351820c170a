package dev.sluice.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.user.UserTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every event in every state of the product and of the request: what the decider says equals what
 * the naive model says, and what docs/state-tables.md says. After a change, look at what {@code mvn
 * test -Dtest=StateTablesTest -Dsluice.docs.write=true} makes of the document.
 */
class StateTablesTest {
  private static final Path DOCUMENT = Path.of("docs/state-tables.md");

  static java.util.stream.Stream<StateTables.Cell> cells() {
    return StateTables.cells().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cells")
  void shouldDecideAsTheModelDoes(StateTables.Cell cell) {
    assertThat(cell.outcome()).isEqualTo(cell.expected());
  }

  static java.util.stream.Stream<UserTables.Cell> userCells() {
    return UserTables.cells().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("userCells")
  void shouldDecideAboutUsersAsTheModelDoes(UserTables.Cell cell) {
    assertThat(cell.outcome()).isEqualTo(cell.expected());
  }

  @Test
  void shouldBeWhatTheDocumentSays() throws IOException {
    var tables = StateTables.document();
    if (Boolean.getBoolean("sluice.docs.write")) {
      Files.writeString(DOCUMENT, tables);
    }

    assertThat(DOCUMENT).content().isEqualTo(tables);
  }
}
