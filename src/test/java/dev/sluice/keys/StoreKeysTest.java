package dev.sluice.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys as they stand in the state of every version: a key that differs loses what is stored. */
class StoreKeysTest {
  private static final String LAST_CHARACTER = "\udbff\udfff";

  @Test
  void keysAreThoseOfEveryVersion() {
    assertThat(StoreKeys.request("p1", "r1")).isEqualTo("p1|r1");
    assertThat(StoreKeys.approved("p1", "ana", "r1")).isEqualTo("p1|ana|r1");
    assertThat(StoreKeys.approved("p1", "ana")).isEqualTo("p1|ana|");
    assertThat(StoreKeys.expired("p1", "ana", 1_767_225_600_000L, "r1"))
        .isEqualTo("p1||ana|8000019b76daa800|r1");
    assertThat(StoreKeys.expired("p1", "ana", -1, "r1")).isEqualTo("p1||ana|7fffffffffffffff|r1");
    assertThat(StoreKeys.expired("p1", "ana")).isEqualTo("p1||ana|");
    assertThat(StoreKeys.expiredFrom("p1", "ana", 0)).isEqualTo("p1||ana|8000000000000000");
    assertThat(StoreKeys.expiredEnd("p1", "ana")).isEqualTo("p1||ana|}");
    assertThat(StoreKeys.due(1_767_225_600_000L, 'e', "p1", "r1"))
        .isEqualTo("0000019b76daa800|e|p1|r1");
    assertThat(StoreKeys.dueAfter(1_767_225_600_000L)).isEqualTo("0000019b76daa800}");
    assertThat(StoreKeys.revision("p1", 7)).isEqualTo("p1|0000000000000000007");
    assertThat(StoreKeys.revision("p1", Long.MAX_VALUE)).isEqualTo("p1|9223372036854775807");
    assertThat(StoreKeys.membership("ana", "p1")).isEqualTo("ana|p1");
    assertThat(StoreKeys.member("p1", "ana")).isEqualTo("p1|ana");
    assertThat(StoreKeys.given("s1", "Snowflake", "p1")).isEqualTo("s1|Snowflake|p1");
    assertThat(StoreKeys.given("s1", "Snowflake")).isEqualTo("s1|Snowflake|");
    assertThat(StoreKeys.givenWithoutType("s1", "p1")).isEqualTo("s1|p1");
    assertThat(StoreKeys.of("p1")).isEqualTo("p1|");
    assertThat(StoreKeys.end("p1")).isEqualTo("p1}");
    assertThat(StoreKeys.after("p1|ana")).isEqualTo("p1|ana\0");
    assertThat(StoreKeys.EVENT_READ).isEqualTo("~read");
    assertThat(StoreKeys.UPDATE_READ).isEqualTo("read");
    assertThat(StoreKeys.LAST_REVISION).isEqualTo("last");
    assertThat(StoreKeys.GIVEN_FORM).isEqualTo("given-sources");
  }

  @Test
  void partsAreReadAsWritten() {
    var key = StoreKeys.due(42, 'v', "p1", "r|1");

    assertThat(StoreKeys.dueMs(key)).isEqualTo(42);
    assertThat(StoreKeys.dueKind(key)).isEqualTo('v');
    assertThat(StoreKeys.dueProduct(key)).isEqualTo("p1");
    assertThat(StoreKeys.dueRequest(key)).isEqualTo("r|1");
    assertThat(StoreKeys.lastPart(StoreKeys.expired("p1", "ana", 42, "r1"))).isEqualTo("r1");
    assertThat(StoreKeys.beforeLastPart("a|b|p1")).isEqualTo("a|b");
    assertThat(StoreKeys.isOnePart("p1")).isTrue();
    assertThat(StoreKeys.isOnePart("Snowflake|p1")).isFalse();
  }

  @Test
  void boundsLieBetweenTheirKeysAndOthersInTheOrderOfStores() {
    inOrder(
        StoreKeys.of("p1"),
        StoreKeys.member("p1", "ana"),
        StoreKeys.after(StoreKeys.member("p1", "ana")),
        StoreKeys.member("p1", "ana !"),
        StoreKeys.member("p1", LAST_CHARACTER.repeat(128)),
        StoreKeys.end("p1"),
        StoreKeys.LAST);
    inOrder(
        StoreKeys.of("p1"),
        StoreKeys.revision("p1", 1),
        StoreKeys.revision("p1", 10),
        StoreKeys.revision("p1", Long.MAX_VALUE),
        StoreKeys.end("p1"));
    inOrder(
        StoreKeys.expired("p1", "ana"),
        StoreKeys.expired("p1", "ana", Long.MIN_VALUE, "r9"),
        StoreKeys.expired("p1", "ana", -1, "r2"),
        StoreKeys.expiredFrom("p1", "ana", 0),
        StoreKeys.expired("p1", "ana", 0, "r1"),
        StoreKeys.expired("p1", "ana", Long.MAX_VALUE, "r0"),
        StoreKeys.expiredEnd("p1", "ana"));
    inOrder(
        StoreKeys.due(0, 'v', "p2", "r2"),
        StoreKeys.due(9, 'e', "p1", "r1"),
        StoreKeys.due(9, 's', LAST_CHARACTER, LAST_CHARACTER),
        StoreKeys.dueAfter(9),
        StoreKeys.due(10, 'e', "p1", "r1"),
        StoreKeys.dueAfter(Long.MAX_VALUE),
        StoreKeys.EVENT_READ);
  }

  /** In UTF-16, as strings compare, U+10000 comes before U+FFFD. */
  @Test
  void orderIsThatOfBytes() {
    assertThat(StoreKeys.ORDER.compare("\ufffd", "\ud800\udc00")).isNegative();
    assertThat("\ufffd".compareTo("\ud800\udc00")).isPositive();
  }

  private static void inOrder(String... keys) {
    assertThat(List.of(keys)).isSortedAccordingTo(StoreKeys.ORDER).doesNotHaveDuplicates();
  }
}
