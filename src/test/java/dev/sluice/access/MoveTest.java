package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.AccessUpdate.Cause;
import dev.sluice.access.AccessUpdate.ProductCopy;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MoveTest {
  private static final SourceRef S1 = new SourceRef("s1", "Snowflake");
  private static final SourceRef S2 = new SourceRef("s2", "Snowflake");
  private static final SourceRef S3 = new SourceRef("s3", "Snowflake");

  @Test
  void shouldNameWhatTurnedASourceLast() {
    var move =
        over(
            revision(1, true, "s1", "s2"),
            revision(2, true, "s2", "s3"),
            revision(3, false, "s2", "s3"),
            revision(4, true, "s2", "s3"));

    assertThat(move.before()).containsExactly(S1, S2);
    assertThat(move.after()).containsExactly(S2, S3);
    assertThat(move.origins().get(S1)).isEqualTo(origin(CommandReason.SOURCE_REMOVED, "e2"));
    assertThat(move.origins().get(S3)).isEqualTo(origin(CommandReason.PRODUCT_RESUMED, "e4"));
  }

  @Test
  void shouldTellSuspensionFromDeletion() {
    var suspended = over(revision(1, true, "s1"), revision(2, false, "s1"));
    var deleted =
        over(
            revision(1, true, "s1"),
            new Revision(new ProductCopy(2, false, new TreeSet<>()), true, new Cause("e2", 2), 2));

    assertThat(suspended.origins().get(S1))
        .isEqualTo(origin(CommandReason.PRODUCT_SUSPENDED, "e2"));
    assertThat(deleted.origins().get(S1)).isEqualTo(origin(CommandReason.PRODUCT_DELETED, "e2"));
  }

  @Test
  void shouldTakeAllFromAMemberWhoLeaves() {
    var move =
        over(revision(1, true, "s1", "s2"), revision(2, true, "s2"))
            .left(origin(CommandReason.ACCESS_REVOKED, "e9"));

    assertThat(move.after()).isEmpty();
    assertThat(move.origins().get(S1)).isEqualTo(origin(CommandReason.SOURCE_REMOVED, "e2"));
    assertThat(move.origins().get(S2)).isEqualTo(origin(CommandReason.ACCESS_REVOKED, "e9"));
  }

  @Test
  void shouldGiveANewMemberWhatTheNewestRevisionGives() {
    var approved = origin(CommandReason.ACCESS_APPROVED, "e9");

    assertThat(Move.joined(revision(3, true, "s1"), approved).origins())
        .containsEntry(S1, approved);
    assertThat(Move.joined(revision(4, false, "s1"), approved).after()).isEmpty();
  }

  private static Move over(Revision... revisions) {
    return Move.over("p1", List.of(revisions).iterator());
  }

  private static Origin origin(CommandReason reason, String eventId) {
    var at = Long.parseLong(eventId.substring(1));
    return new Origin("p1", reason, new Cause(eventId, at), at);
  }

  private static Revision revision(long number, boolean active, String... sources) {
    var set = new TreeSet<SourceRef>();
    for (var source : sources) {
      set.add(new SourceRef(source, "Snowflake"));
    }
    return new Revision(
        new ProductCopy(number, active, set), false, new Cause("e" + number, number), number);
  }
}
