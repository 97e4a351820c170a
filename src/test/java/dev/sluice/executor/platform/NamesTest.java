package dev.sluice.executor.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.platform.Names.NoNameException;
import dev.sluice.update.SourceRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {
  private static final SourceRef ORDERS = new SourceRef("sales.orders", "Snowflake");

  @TempDir private Path folder = Path.of("");

  private static NameTemplate source(String text, LetterCase letters) {
    return NameTemplate.of(text, "sourceId", letters);
  }

  private static NameTemplate user(String text) {
    return NameTemplate.of(text, "userId", LetterCase.EXACT);
  }

  private static Names names(NameTemplate source, @Nullable Path file, CaseRule rule) {
    return new Names(new Names.Templates(source, user("{userId}@example.com"), null), file, rule);
  }

  private Path file(String... lines) throws IOException {
    return Files.write(folder.resolve("names.jsonl"), List.of(lines));
  }

  private static void assertNoName(Names names, String user, SourceRef source, String why) {
    assertThatThrownBy(() -> names.place(user, source))
        .isInstanceOfSatisfying(
            NoNameException.class, e -> assertThat(e.trouble().remedy()).isEqualTo(Remedy.NONE))
        .hasMessageContaining(why);
  }

  @Test
  void shouldFillTemplates() throws Exception {
    var names = names(source("DWH.{sourceId}", LetterCase.UPPER), null, CaseRule.EXACT);

    assertThat(names.place("ana", ORDERS))
        .isEqualTo(new Place("TABLE", List.of("DWH", "SALES", "ORDERS"), null, "ana@example.com"));
  }

  @Test
  void shouldNotGiveTwoSourcesOneName() {
    var upper = names(source("{sourceId}", LetterCase.UPPER), null, CaseRule.EXACT);
    var exact = names(source("{sourceId}", LetterCase.EXACT), null, CaseRule.FOLDED);

    assertNoName(upper, "ana", new SourceRef("Sales.orders", "Snowflake"), "only one case");
    assertNoName(exact, "ana", new SourceRef("Sales.orders", "Snowflake"), "not in lower case");
    assertNoName(exact, "Ana", ORDERS, "not in lower case");
    assertNoName(exact, "ana", new SourceRef("sales..orders", "Snowflake"), "empty part");
  }

  @Test
  void shouldPreferTheMappingFileAndKeepItsNamesFromOthers() throws Exception {
    var file =
        file(
            "# names that differ",
            "",
            "{\"sourceId\":\"o\",\"sourceType\":\"Snowflake\",\"object\":[\"db\",\"a.b\"],\"kind\":\"view\"}",
            "{\"userId\":\"Ana\",\"principal\":\"ana@example.com\"}");
    var names = names(source("db.{sourceId}", LetterCase.EXACT), file, CaseRule.EXACT);

    assertThat(names.place("Ana", new SourceRef("o", "Snowflake")))
        .isEqualTo(new Place("VIEW", List.of("db", "a.b"), null, "ana@example.com"));
    assertNoName(names, "ana", ORDERS, "which the mapping file gives to Ana");
    assertThat(names.place("ben", new SourceRef("x", "Snowflake")).path())
        .containsExactly("db", "x");
  }

  @Test
  void shouldNameWhatHasNoTemplateAndNoLine() {
    var names = new Names(new Names.Templates(null, null, null), null, CaseRule.EXACT);

    assertNoName(names, "ana", ORDERS, "add a line to the mapping file");
  }

  @Test
  void shouldRefuseAFileWithOneNameForTwo() throws IOException {
    var line = "{\"sourceId\":\"%s\",\"sourceType\":\"S\",\"object\":\"%s\"}";
    var file = file(line.formatted("a", "db.T"), line.formatted("b", "db.t"));

    assertThat(NameMapping.read(Files.readAllLines(file), CaseRule.EXACT).sources()).hasSize(2);
    assertThatThrownBy(() -> NameMapping.read(Files.readAllLines(file), CaseRule.FOLDED))
        .hasMessageContaining("line 2: object of b (S) is that of a (S) already");
    assertThatThrownBy(() -> NameMapping.read(List.of("{\"userId\":\"a\"}"), CaseRule.EXACT))
        .hasMessage("line 1: principal must be a text");
    assertThatThrownBy(
            () -> NameMapping.read(List.of("{\"userId\":\"a\",\"name\":\"b\"}"), CaseRule.EXACT))
        .hasMessageContaining("name is not one of");
    assertThatThrownBy(() -> NameMapping.read(List.of("nonsense"), CaseRule.EXACT))
        .hasMessageStartingWith("line 1: ");
  }

  @Test
  void shouldReadTheFileAgainWhenItChanges() throws Exception {
    var file = file("{\"userId\":\"ana\",\"principal\":\"A\"}");
    var names = names(source("{sourceId}", LetterCase.EXACT), file, CaseRule.EXACT);
    assertThat(names.refresh()).isFalse();

    file("{\"userId\":\"ana\",\"principal\":\"BB\"}");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertThat(names.refresh()).isTrue();
    assertThat(names.place("ana", ORDERS).principal()).isEqualTo("BB");
    file("wrong");
    assertThat(names.refresh()).isFalse();
    assertThat(names.place("ana", ORDERS).principal()).isEqualTo("BB");
    Files.delete(file);
    assertThat(names.place("ana", ORDERS).principal()).isEqualTo("BB");
  }

  @Test
  void shouldHaveExactlyOneGapInATemplate() {
    assertThatThrownBy(() -> user("fixed")).hasMessageContaining("{userId} exactly once");
    assertThatThrownBy(() -> user("{userId}{userId}")).isNotNull();
    assertThatThrownBy(() -> user("{userId}{other}")).isNotNull();
  }

  @Test
  void shouldKeepRolesApart() throws Exception {
    var file =
        file(
            "{\"sourceId\":\"o\",\"sourceType\":\"Snowflake\",\"object\":\"a.b\",\"role\":\"SLUICE_sales.orders\"}");
    var names =
        new Names(
            new Names.Templates(
                source("{sourceId}", LetterCase.EXACT),
                user("{userId}"),
                source("sluice_{sourceId}", LetterCase.EXACT)),
            file,
            CaseRule.EXACT);

    assertThat(names.place("ana", new SourceRef("x.y", "Snowflake")).role())
        .isEqualTo("sluice_x.y");
    assertNoName(names, "ana", ORDERS, "sluice_sales.orders");
  }
}
