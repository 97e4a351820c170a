package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.update.AccessUpdate;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AccessDiffTest {

  @Test
  void shouldGrantWhatIsGainedWithItsType() {
    var accessDiff =
        AccessDiff.of(
            List.of(move(giving(), new TreeSet<>(Set.of(new SourceRef("s1", "X"))))),
            s -> List.of());
    var types = new ArrayList<String>();

    accessDiff.settle(null, change -> types.add(change.source().sourceType()));

    assertThat(types).containsExactly("X");
  }

  @Test
  void shouldTakeOneIdUnderTwoTypesForTwoSources() {
    var before = new TreeSet<>(Set.of(new SourceRef("s1", "X")));
    var after = new TreeSet<>(Set.of(new SourceRef("s1", "Y")));
    var out = new ArrayList<String>();

    AccessDiff.of(List.of(move(before, after)), s -> List.of())
        .settle(null, c -> out.add((c.grant() ? "+" : "-") + c.source()));

    assertThat(out).containsExactly("+s1 (Y)", "-s1 (X)");
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
    assertThat(AccessDiff.of(List.of(move(giving("s1"), giving("s1"))), s -> List.of()).isEmpty())
        .isTrue();
  }

  @Test
  void shouldSayThatSomebodyMayBeOwedSomething() {
    assertThat(AccessDiff.of(List.of(move(giving("s1"), giving())), s -> List.of("p2")).isEmpty())
        .isFalse();
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
    var accessDiff =
        AccessDiff.of(
            List.of(move(giving("s1"), giving("s2"))),
            source -> {
              asked.add(source.sourceId());
              return List.of("p2");
            });

    for (int member = 0; member < 5; member++) {
      accessDiff.settle(other -> false, change -> {});
    }

    assertThat(asked).containsExactly("s2", "s1");
  }

  @Test
  void shouldNotAskAboutMembershipsWhereNoOtherProductGivesTheSource() {
    var asked = new HashSet<String>();

    AccessDiff.of(List.of(move(giving("s1"), giving())), s -> List.of())
        .settle(asked::add, change -> {});

    assertThat(asked).isEmpty();
  }

  @Test
  void shouldNetOverSeveralProductsThatMove() {
    var left = move("p1", giving("s1", "s2"), giving("s3"));
    var joined = move("p2", giving(), giving("s2", "s3", "s4"));

    assertThat(settled(List.of(left, joined))).containsExactly("+s3 p1", "+s4 p2", "-s1 p1");
  }

  @Test
  void shouldKeepWhatOneOfSeveralProductsThatMoveGaveAndStillGives() {
    var kept = move("p1", giving("s1"), giving("s1"));
    var lost = move("p2", giving("s1"), giving());
    var gained = move("p3", giving(), giving("s1"));

    assertThat(settled(List.of(kept, lost))).isEmpty();
    assertThat(settled(List.of(gained, kept))).isEmpty();
  }

  @Test
  void shouldSayAllProductsThatMayKeepAChangeFromSomebody() {
    var accessDiff =
        AccessDiff.of(
            List.of(move(giving("s1"), giving("s2"))),
            source -> source.sourceId().equals("s1") ? List.of("p2", "p3") : List.of("p3"));

    assertThat(accessDiff.others()).containsExactlyInAnyOrder("p2", "p3");
    assertThat(accessDiff.size()).isEqualTo(2);
  }

  private static List<String> settled(List<ProductDelta> productDeltas) {
    var out = new ArrayList<String>();
    AccessDiff.of(productDeltas, source -> List.of())
        .settle(
            null,
            c ->
                out.add(
                    (c.grant() ? "+" : "-") + c.source().sourceId() + " " + c.cause().productId()));
    return out;
  }

  private static List<String> settled(
      SortedSet<SourceRef> before,
      SortedSet<SourceRef> after,
      Map<String, List<String>> others,
      Set<String> memberships) {
    var out = new ArrayList<String>();
    AccessDiff.of(
            List.of(move(before, after)),
            source -> others.getOrDefault(source.sourceId(), List.of()))
        .settle(
            memberships::contains, c -> out.add((c.grant() ? "+" : "-") + c.source().sourceId()));
    return out;
  }

  private static ProductDelta move(SortedSet<SourceRef> before, SortedSet<SourceRef> after) {
    return move("p1", before, after);
  }

  private static ProductDelta move(
      String productId, SortedSet<SourceRef> before, SortedSet<SourceRef> after) {
    var trigger = new AccessUpdate.Trigger("e1", 1);
    return ProductDelta.over(
        productId,
        List.of(
                new Revision(new AccessUpdate.ProductSnapshot(1, true, before), false, trigger, 1),
                new Revision(new AccessUpdate.ProductSnapshot(2, true, after), false, trigger, 2))
            .iterator());
  }

  private static SortedSet<SourceRef> giving(String... sources) {
    var set = new TreeSet<SourceRef>();
    for (var source : sources) {
      set.add(new SourceRef(source, "Snowflake"));
    }
    return set;
  }
}
