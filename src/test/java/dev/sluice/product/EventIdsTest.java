package dev.sluice.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdsTest {

  @ParameterizedTest
  @ValueSource(strings = {"p1", "a b", "ünïcödé", "日本", "a/b:c,d\"'\\", "%00", "𝄞"})
  void shouldAcceptOpaqueIds(String id) {
    assertThat(problem(id, Events.approved(id, id, id))).isNull();
  }

  @Test
  void shouldAcceptTheLongestId() {
    var id = "x".repeat(256);

    assertThat(problem(id, Events.approved(id, id, id))).isNull();
  }

  @Test
  void shouldRefuseALongerId() {
    var event = Events.approved("p1", "r1", "x".repeat(257));

    assertThat(problem("p1", event))
        .isEqualTo("userId has 257 characters, at most 256 are allowed");
  }

  @Test
  void shouldRefuseAnEmptyId() {
    assertThat(EventIds.problem(Events.withId("", Events.suspended("p1"))))
        .isEqualTo("eventId is empty");
  }

  @Test
  void shouldSayWhereTheSeparatorStands() {
    assertThat(problem("p1", Events.approved("p1", "a|b", "ana")))
        .isEqualTo("requestId \"a|b\" holds U+007C as character 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "a\n", "\t", "\u001f", "\u007f", "\u0085", "\u009f"})
  void shouldRefuseControlCharacters(String id) {
    assertThat(problem("p1", Events.denied("p1", id))).startsWith("requestId ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\uFFFD", "a\uD834", "a\uDD1Eb", "a\uDD1E\uD834"})
  void shouldRefuseTextThatWasNotWellFormed(String id) {
    assertThat(problem("p1", Events.denied("p1", id)))
        .startsWith("requestId ")
        .contains(" is not well-formed text: U+")
        .endsWith(" as character 2");
    var passing =
        new Payload.DeterminationMade("r1", id, Payload.Decision.APPROVE, null, null, null);
    assertThat(problem("p1", Events.event("p1", "r1", passing))).startsWith("approver ");
  }

  @Test
  void shouldNotPutControlCharactersIntoMessages() {
    assertThat(problem("p1", Events.denied("p1", "a\nb")))
        .isEqualTo("requestId \"a\\u000ab\" holds U+000A as character 2");
  }

  static Stream<ProductEvent> withABadIdInside() {
    return Stream.of(
        Events.published("p1", "s1", "|"),
        Events.replaced("p1", "s1", "|"),
        Events.requested("p1", "|", "ana"),
        Events.requested("p1", "r1", "|"),
        Events.approved("p1", "|", "ana"),
        Events.approved("p1", "r1", "|"),
        Events.revoked("p1", "|", "ana"),
        Events.revoked("p1", "r1", "|"),
        Events.allRevoked("p1", "|"),
        Events.denied("p1", "|"),
        Events.canceled("p1", "|"),
        Events.determined("p1", "|", Payload.Decision.DENY));
  }

  @ParameterizedTest
  @MethodSource("withABadIdInside")
  void shouldFindABadIdInEveryPayload(ProductEvent event) {
    assertThat(problem("p1", event)).contains("holds U+007C");
  }

  @Test
  void shouldNameTheFirstBadId() {
    assertThat(problem("p1", Events.approved("p1", "", ""))).isEqualTo("requestId is empty");
  }

  @Test
  void shouldCheckIdsBeforeTheKey() {
    assertThat(problem("other", Events.suspended("p|"))).startsWith("productId ");
  }

  @Test
  void shouldRefuseAMissingKey() {
    assertThat(problem(null, Events.suspended("p1")))
        .isEqualTo("the record's key is missing, or is not UTF-8, it must be the productId \"p1\"");
  }

  @Test
  void shouldRefuseAnotherKey() {
    assertThat(problem("p2", Events.suspended("p1")))
        .isEqualTo("the record's key \"p2\", it must be the productId \"p1\"");
  }

  @Test
  void shouldNotCheckWhatIsNoId() {
    var update = new Payload.ProductUpdated("a|b", "c\nd", List.of("e|f"), null, List.of(), null);

    assertThat(problem("p1", Events.updated("p1", update))).isNull();
  }

  @Test
  void shouldCutLongIdsInMessages() {
    assertThat(EventIds.quoted("𝄞".repeat(81))).isEqualTo('"' + "𝄞".repeat(80) + "…\"");
  }

  @Test
  void shouldQuoteIdsThatJustFitInFull() {
    assertThat(EventIds.quoted("𝄞".repeat(80))).isEqualTo('"' + "𝄞".repeat(80) + '"');
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\u00A0", "\u3000\u2003", " ana", "ana ", "ana\u00A0", "\u2009ana"})
  void shouldRefuseBlanksAroundANewId(String id) {
    assertThat(problem("p1", Events.approved("p1", "r1", id)))
        .startsWith("userId \"")
        .matches(".* (is blank|begins or ends with a blank)");
    assertThat(problem("p1", Events.requested("p1", id, "ana"))).startsWith("requestId \"");
    assertThat(problem("p1", Events.replaced("p1", id))).startsWith("sourceId \"");
    assertThat(problem(id, Events.published(id, "s1"))).startsWith("productId \"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u200Bna",
        "ana\uFE0F",
        "ana\u2800b",
        "ana\uDB40\uDD00",
        "ana\uFFFF",
        "ana\u180B",
        "\uFEFFana",
        "an\u200Da",
        "an\u2060a",
        "ana\u202E",
        "an\u00ADa",
        "an\u3164a",
        "an\u2028a",
        "ana\uDB40\uDC01"
      })
  void shouldRefuseWhatCannotBeSeenInANewId(String id) {
    assertThat(problem("p1", Events.approved("p1", "r1", id)))
        .startsWith("userId \"")
        .contains("\\u")
        .endsWith(", which is invisible");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "ana ", "a\u200Bna"})
  void shouldLetBeTakenAwayWhatAnOlderVersionLetIn(String id) {
    assertThat(problem("p1", Events.allRevoked("p1", id))).isNull();
    assertThat(problem("p1", Events.revoked("p1", id, id))).isNull();
    assertThat(problem("p1", Events.denied("p1", id))).isNull();
    assertThat(problem(id, Events.suspended(id))).isNull();
    assertThat(problem(id, Events.deleted(id))).isNull();
  }

  @Test
  void shouldRefuseABlankEventId() {
    assertThat(EventIds.problem(Events.withId(" ", Events.suspended("p1"))))
        .isEqualTo("eventId \"\\u0020\" is blank");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "Snow|flake", "Snow\u200Bflake", "a\tb"})
  void shouldHoldASourceTypeToTheRulesOfIds(String type) {
    var sources = List.of(Events.source("s1", type));

    assertThat(problem("p1", Events.published("p1", sources))).startsWith("sourceType ");
    assertThat(problem("p1", Events.replaced("p1", sources))).startsWith("sourceType ");
  }

  @Test
  void shouldShowWhatDiffersBetweenIdsThatLookAlike() {
    assertThat(EventIds.quoted("Zo\u00EB")).isEqualTo("\"Zo\u00EB\"");
    assertThat(EventIds.quoted("Zoe\u0308")).isEqualTo("\"Zoe\\u0308\"");
    assertThat(EventIds.quoted("ana ")).isEqualTo("\"ana\\u0020\"");
    assertThat(EventIds.quoted("a b")).isEqualTo("\"a b\"");
    assertThat(EventIds.quoted("a  b")).isEqualTo("\"a\\u0020\\u0020b\"");
    assertThat(EventIds.quoted("an\u200Ba")).isEqualTo("\"an\\u200ba\"");
    assertThat(EventIds.quoted("a\u00A0b")).isEqualTo("\"a\\u00a0b\"");
    assertThat(EventIds.quoted("\u0E17\u0E35\u0E48")).isEqualTo("\"\u0E17\u0E35\u0E48\"");
  }

  @Test
  void shouldNotLetIdsSpeakToATerminal() {
    assertThat(EventIds.quoted("a\u001B[31m\u009B1m\u202Eb\u2066c"))
        .isEqualTo("\"a\\u001b[31m\\u009b1m\\u202eb\\u2066c\"");
  }

  /** Of the event under an id that is fine. */
  private static @Nullable String problem(@Nullable String key, ProductEvent event) {
    var named = Events.withId("e1", event);
    var problem = EventIds.problem(named);
    return problem == null ? EventIds.keyProblem(key, named) : problem;
  }
}
