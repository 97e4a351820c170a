package dev.sluice.dev.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectedTest {

  @Test
  void shouldCountOnlySourcesThatTheUserDoesNotHaveYet() {
    var expected = new Expected(List.of(List.of(1, 2, 3), List.of(2, 3, 4, 5), List.of(5)));

    assertThat(expected.approved(7, 0)).isEqualTo(3);
    assertThat(expected.approved(7, 1)).isEqualTo(2);
    assertThat(expected.approved(7, 2)).isZero();
    assertThat(expected.approved(8, 2)).isEqualTo(1);
  }
}
