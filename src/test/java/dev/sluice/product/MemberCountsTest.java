package dev.sluice.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class MemberCountsTest {

  @Test
  void shouldCountNothingBeyondTheTail() {
    assertThat(new MemberCounts(List.of(1L)).in(7)).isZero();
  }

  @Test
  void shouldCountAMemberThatComes() {
    var counts = MemberCounts.NONE.changed(2, 1);

    assertThat(counts).isEqualTo(new MemberCounts(List.of(0L, 0L, 1L)));
    assertThat(counts.partitions()).containsExactly(2);
  }

  @Test
  void shouldForgetAPartitionThatItsLastMemberLeft() {
    assertThat(MemberCounts.NONE.changed(0, 1).changed(3, 1).changed(3, -1).partitions())
        .containsExactly(0);
  }

  @Test
  void shouldKeepAPartitionThatOneOfTwoLeft() {
    assertThat(MemberCounts.NONE.changed(1, 1).changed(1, 1).changed(1, -1).in(1)).isEqualTo(1);
  }

  @Test
  void shouldRefuseToLetGoWhoIsNotThere() {
    assertThatIllegalStateException()
        .isThrownBy(() -> MemberCounts.NONE.changed(0, -1))
        .withMessage("no member counted in partition 0");
  }
}
