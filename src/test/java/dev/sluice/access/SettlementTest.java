package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SettlementTest {

  @Test
  void shouldGrantWhatIsGainedWithItsType() {
    var settlement = Settlement.of(giving(), new TreeMap<>(Map.of("s1", "X")), s -> List.of());
    var types = new ArrayList<String>();

    settlement.settle(other -> true, (grant, source, type) -> types.add(type));

    assertThat(types).containsExactly("X");
  }

  @Test
  void shouldRevokeWhatIsLost() {
    assertThat(settled(giving("s1"), giving(), Map.of(), Set.of())).containsExactly("-s1");
  }

  @Test
  void shouldNotTouchWhatIsInBoth() {
    assertThat(settled(giving("s1", "s2"), giving("s2", "s3"), Map.of(), Set.of()))
        .containsExactly("+s3", "-s1");
  }

  @Test
  void shouldOweNobodyAnythingWhenNothingChanges() {
    assertThat(Settlement.of(giving("s1"), giving("s1"), s -> List.of()).isEmpty()).isTrue();
  }

  @Test
  void shouldSayThatSomebodyMayBeOwedSomething() {
    assertThat(Settlement.of(giving("s1"), giving(), s -> List.of("p2")).isEmpty()).isFalse();
  }

  @Test
  void shouldGrantFirstAndThenGoBySource() {
    assertThat(settled(giving("b", "a"), giving("d", "c"), Map.of(), Set.of()))
        .containsExactly("+c", "+d", "-a", "-b");
  }

  @Test
  void shouldNotRevokeWhatAnotherProductStillGives() {
    assertThat(settled(giving("s1", "s2"), giving(), Map.of("s1", List.of("p2")), Set.of("p2")))
        .containsExactly("-s2");
  }

  @Test
  void shouldNotGrantWhatAnotherProductGivesAlready() {
    assertThat(settled(giving(), giving("s1", "s2"), Map.of("s1", List.of("p2")), Set.of("p2")))
        .containsExactly("+s2");
  }

  @Test
  void shouldNotCountProductsThatTheMemberIsNotIn() {
    assertThat(settled(giving("s1"), giving("s2"), Map.of("s1", List.of("p2", "p3")), Set.of("p4")))
        .containsExactly("+s2", "-s1");
  }

  @Test
  void shouldFindTheOneProductOfManyThatTheMemberIsIn() {
    assertThat(settled(giving("s1"), giving(), Map.of("s1", List.of("p2", "p3")), Set.of("p3")))
        .isEmpty();
  }

  @Test
  void shouldAskOnceForASourceHoweverManyMembersThereAre() {
    var asked = new ArrayList<String>();
    var settlement =
        Settlement.of(
            giving("s1"),
            giving("s2"),
            source -> {
              asked.add(source);
              return List.of("p2");
            });

    for (int member = 0; member < 5; member++) {
      settlement.settle(other -> false, (grant, source, type) -> {});
    }

    assertThat(asked).containsExactly("s2", "s1");
  }

  @Test
  void shouldNotAskAboutMembershipsWhereNoOtherProductGivesTheSource() {
    var asked = new HashSet<String>();

    Settlement.of(giving("s1"), giving(), s -> List.of())
        .settle(asked::add, (grant, source, type) -> {});

    assertThat(asked).isEmpty();
  }

  private static List<String> settled(
      SortedMap<String, String> before,
      SortedMap<String, String> after,
      Map<String, List<String>> others,
      Set<String> memberships) {
    var out = new ArrayList<String>();
    Settlement.of(before, after, source -> others.getOrDefault(source, List.of()))
        .settle(
            memberships::contains, (grant, source, type) -> out.add((grant ? "+" : "-") + source));
    return out;
  }

  private static SortedMap<String, String> giving(String... sources) {
    var map = new TreeMap<String, String>();
    for (var source : sources) {
      map.put(source, "Snowflake");
    }
    return map;
  }
}
