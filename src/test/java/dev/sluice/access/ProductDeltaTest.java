package dev.sluice.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;
import dev.sluice.update.SourceRef;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProductDeltaTest {
  private static final SourceRef S1 = new SourceRef("s1", "Snowflake");
  private static final SourceRef S2 = new SourceRef("s2", "Snowflake");
  private static final SourceRef S3 = new SourceRef("s3", "Snowflake");

  @Test
  void shouldNameWhatTurnedASourceLast() {
    var productDelta =
        over(
            revision(1, true, "s1", "s2"),
            revision(2, true, "s2", "s3"),
            revision(3, false, "s2", "s3"),
            revision(4, true, "s2", "s3"));

    assertThat(productDelta.before()).containsExactly(S1, S2);
    assertThat(productDelta.after()).containsExactly(S2, S3);
    assertThat(productDelta.causes().get(S1)).isEqualTo(origin(CommandReason.SOURCE_REMOVED, "e2"));
    assertThat(productDelta.causes().get(S3))
        .isEqualTo(origin(CommandReason.PRODUCT_RESUMED, "e4"));
  }

  @Test
  void shouldTellSuspensionFromDeletion() {
    var suspended = over(revision(1, true, "s1"), revision(2, false, "s1"));
    var deleted =
        over(
            revision(1, true, "s1"),
            new Revision(
                new ProductSnapshot(2, false, new TreeSet<>()), true, new Trigger("e2", 2), 2));

    assertThat(suspended.causes().get(S1)).isEqualTo(origin(CommandReason.PRODUCT_SUSPENDED, "e2"));
    assertThat(deleted.causes().get(S1)).isEqualTo(origin(CommandReason.PRODUCT_DELETED, "e2"));
  }

  @Test
  void shouldTakeAllFromAMemberWhoLeaves() {
    var productDelta =
        over(revision(1, true, "s1", "s2"), revision(2, true, "s2"))
            .left(origin(CommandReason.ACCESS_REVOKED, "e9"));

    assertThat(productDelta.after()).isEmpty();
    assertThat(productDelta.causes().get(S1)).isEqualTo(origin(CommandReason.SOURCE_REMOVED, "e2"));
    assertThat(productDelta.causes().get(S2)).isEqualTo(origin(CommandReason.ACCESS_REVOKED, "e9"));
  }

  @Test
  void shouldGiveANewMemberWhatTheNewestRevisionGives() {
    var approved = origin(CommandReason.ACCESS_APPROVED, "e9");

    assertThat(ProductDelta.joined(revision(3, true, "s1"), approved).causes())
        .containsEntry(S1, approved);
    assertThat(ProductDelta.joined(revision(4, false, "s1"), approved).after()).isEmpty();
  }

  private static ProductDelta over(Revision... revisions) {
    return ProductDelta.over("p1", List.of(revisions).iterator());
  }

  private static ChangeCause origin(CommandReason reason, String eventId) {
    var at = Long.parseLong(eventId.substring(1));
    return new ChangeCause("p1", reason, new Trigger(eventId, at), at);
  }

  private static Revision revision(long number, boolean active, String... sources) {
    var set = new TreeSet<SourceRef>();
    for (var source : sources) {
      set.add(new SourceRef(source, "Snowflake"));
    }
    return new Revision(
        new ProductSnapshot(number, active, set), false, new Trigger("e" + number, number), number);
  }
}
