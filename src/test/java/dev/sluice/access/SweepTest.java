package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.access.Sweep.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepTest {

  @Test
  void shouldGoOnAtTheCursorAndRoundWhenTheTargetChanges() {
    var sweep = Sweep.from(1, 2);
    sweep = sweep.done(next(sweep), "m").to(3);

    assertThat(sweep.next()).isEqualTo(new Sweep.Range("m", null, 1));
    sweep = sweep.done(next(sweep));
    assertThat(sweep.next()).isEqualTo(new Sweep.Range("", "m", 2));
    assertThat(sweep.done(next(sweep)).isDone()).isTrue();
  }

  @Test
  void shouldKnowWhereAMemberStands() {
    var sweep = Sweep.from(1, 2);
    sweep = sweep.done(next(sweep), "m").to(4);

    assertThat(sweep.settledRevision("a", 0)).isEqualTo(2);
    assertThat(sweep.settledRevision("m", 0)).isEqualTo(2);
    assertThat(sweep.settledRevision("n", 0)).isEqualTo(1);
    assertThat(sweep.settledRevision("n", 3)).isEqualTo(3);
    assertThat(sweep.floor()).isEqualTo(1);
  }

  @Test
  void shouldGoInTheOrderOfTheStoresKeys() {
    var sweep = Sweep.from(1, 2);
    // In UTF-16 the first of the two comes after the second, in UTF-8 before.
    sweep = sweep.done(next(sweep), "\uFF5E");

    assertThat(sweep.settledRevision("\uD83D\uDE00", 0)).isEqualTo(1);
  }

  @Test
  void shouldRefuseToEndBeforeTheLastMember() {
    assertThatThrownBy(() -> new Sweep(2, "", List.of(new Segment("m", 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Against a map from each user to the revision they stand at. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void shouldStandWhereANaiveSweepStands(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      var naive = new TreeMap<String, Long>();
      for (int i = 0; i < 12; i++) {
        naive.put(Character.toString('a' + i), 1L);
      }
      var sweep = Sweep.from(1, 2);
      int steps = 0;
      for (; !sweep.isDone() && steps < 1000; steps++) {
        if (steps < 60 && random.nextInt(6) == 0) {
          sweep = sweep.to(sweep.target() + 1);
        }
        sweep = step(sweep, naive, random.nextInt(5));
        for (var user : naive.entrySet()) {
          assertThat(sweep.settledRevision(user.getKey(), 0)).isEqualTo(user.getValue());
        }
        assertThat(sweep.segments()).hasSizeLessThanOrEqualTo(naive.size() + 1);
      }
      assertThat(sweep.isDone()).isTrue();
      assertThat(sweep.next()).isNull();
    }
  }

  /** Brings some members of the next part to the target, or all of it. */
  private static Sweep step(Sweep sweep, TreeMap<String, Long> naive, int members) {
    var range = next(sweep);
    var of = new ArrayList<String>();
    for (var user : naive.keySet()) {
      if (user.compareTo(range.after()) > 0
          && (range.upTo() == null || user.compareTo(range.upTo()) <= 0)) {
        of.add(user);
        assertThat(naive.get(user)).isEqualTo(range.revision());
      }
    }
    var done = of.subList(0, Math.min(members, of.size()));
    done.forEach(user -> naive.put(user, sweep.target()));
    if (done.size() == of.size()) {
      return sweep.done(range);
    }
    return done.isEmpty() ? sweep : sweep.done(range, done.getLast());
  }

  private static Sweep.Range next(Sweep sweep) {
    return Objects.requireNonNull(sweep.next());
  }
}
