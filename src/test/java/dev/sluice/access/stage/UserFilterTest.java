package dev.sluice.access.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UserFilterTest {

  @Test
  void shouldContainEveryUserWhoWasAddedAndNearlyNoOther() {
    var filter = new UserFilter(100_000);
    for (int i = 0; i < 50_000; i++) {
      filter.add("u" + i);
    }

    assertThat(IntStream.range(0, 50_000)).allMatch(i -> filter.mayContain("u" + i));
    assertThat(IntStream.range(50_000, 100_000).filter(i -> filter.mayContain("u" + i)).count())
        .isZero();
  }

  @Test
  void shouldContainEveryUserWhenThereAreMoreThanItsBound() {
    var filter = new UserFilter(10);
    for (int i = 0; i < 11; i++) {
      filter.add("u" + i);
    }

    assertThat(filter.mayContain("somebody")).isTrue();
  }

  @Test
  void shouldContainNobodyAfterItWasCleared() {
    var filter = new UserFilter(1);
    filter.add("ana");
    filter.add("ben");
    filter.clear();

    assertThat(filter.mayContain("ana")).isFalse();
    filter.add("ana");
    assertThat(filter.mayContain("ana")).isTrue();
  }
}
