package dev.sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  private static final List<Integer> MANY = IntStream.range(0, 1_000).boxed().toList();
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void shouldLeaveOutAllThatDoesNotMatter() {
    assertThat(Shrinker.shrink(MANY, l -> l.containsAll(List.of(3, 500, 999)), LONG))
        .containsExactly(3, 500, 999);
  }

  @Test
  void shouldLeaveNothingWhenNothingMatters() {
    assertThat(Shrinker.shrink(MANY, l -> true, LONG)).isEmpty();
  }

  @Test
  void shouldStillFailWhenTimeIsUp() {
    assertThat(Shrinker.shrink(MANY, l -> l.contains(7), Duration.ZERO)).contains(7);
  }
}
