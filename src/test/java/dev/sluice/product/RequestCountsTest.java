package dev.sluice.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestCountsTest {

  @Test
  void shouldCountNothingAtFirst() {
    for (var state : RequestState.values()) {
      assertThat(RequestCounts.NONE.in(state)).isZero();
    }
  }

  @Test
  void shouldCountANewRequest() {
    var counts = RequestCounts.NONE.moved(null, RequestState.PENDING);

    assertThat(counts.in(RequestState.PENDING)).isEqualTo(1);
    assertThat(counts.total()).isEqualTo(1);
  }

  @Test
  void shouldKeepTheTotalWhenARequestMoves() {
    var counts =
        RequestCounts.of(Map.of(RequestState.PENDING, 2L, RequestState.DENIED, 1L))
            .moved(RequestState.PENDING, RequestState.DENIED);

    assertThat(counts)
        .isEqualTo(RequestCounts.of(Map.of(RequestState.PENDING, 1L, RequestState.DENIED, 2L)));
    assertThat(counts.total()).isEqualTo(3);
  }

  @Test
  void shouldEqualCountsThatNameAZero() {
    assertThat(RequestCounts.of(Map.of(RequestState.EXPIRED, 0L)))
        .isEqualTo(RequestCounts.NONE)
        .hasSameHashCodeAs(RequestCounts.NONE);
  }

  @Test
  void shouldNotChangeWhenARequestMoves() {
    var counts = RequestCounts.of(Map.of(RequestState.PENDING, 1L));

    counts.moved(RequestState.PENDING, RequestState.APPROVED);

    assertThat(counts.in(RequestState.PENDING)).isEqualTo(1);
  }

  @Test
  void shouldRefuseToMoveARequestThatIsNotThere() {
    assertThatIllegalStateException()
        .isThrownBy(() -> RequestCounts.NONE.moved(RequestState.PENDING, RequestState.DENIED))
        .withMessage("no request counted as PENDING");
  }
}
