package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.AccessUpdate.UserChanged;
import dev.sluice.update.SourceRef;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class WithholdingTest {
  private static final List<SourceRef> SOURCES =
      List.of(
          new SourceRef("s1", "a"),
          new SourceRef("s1", "b"),
          new SourceRef("s2", "a"),
          new SourceRef("s3", "a"));

  private static UserChanged changed(boolean active) {
    return new UserChanged("ana", new Trigger("e1", 0), active, null);
  }

  @Test
  void shouldWithholdNothingAtTheBeginningAndEverythingAtTheEnd() {
    var begun = Withholding.begin(changed(false), 7);

    assertThat(SOURCES).noneMatch(begun::withholds);
    assertThat(SOURCES).allMatch(begun.pastAll()::withholds);
    assertThat(begun.isDone()).isFalse();
    assertThat(begun.pastAll().isDone()).isTrue();
  }

  /** The boundary passes the sources one by one, and turns at any of them, against a set. */
  @Test
  void shouldWithholdWhatASetWouldHold() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var withheld = new TreeSet<SourceRef>();
      var withholding = Withholding.begin(changed(false), 0);
      for (int step = 0; step < 30; step++) {
        if (random.nextInt(4) == 0) {
          withholding = withholding.turned(changed(!withholding.active()), step);
        } else {
          withholding = moved(withholding, withheld);
        }
        assertThat(SOURCES.stream().filter(withholding::withholds).toList())
            .as("seed %d, step %d", seed, step)
            .containsExactlyElementsOf(withheld);
      }
    }
  }

  private static Withholding moved(Withholding withholding, TreeSet<SourceRef> withheld) {
    if (withholding.active()) {
      var last = withheld.pollLast();
      return last == null ? withholding.pastAll() : withholding.past(last);
    }
    var next = SOURCES.stream().filter(source -> !withheld.contains(source)).findFirst();
    next.ifPresent(withheld::add);
    return next.map(withholding::past).orElseGet(withholding::pastAll);
  }
}
