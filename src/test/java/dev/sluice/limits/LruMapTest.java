package dev.sluice.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LruMapTest {
  private static final int ENTRIES_MAX = 100;
  private static final int HALF = 1_000;

  private final LruMap<String, Integer> map = new LruMap<>(ENTRIES_MAX, 2 * HALF, weight -> weight);

  @Test
  void shouldKeepNoMoreThanTheLimit() {
    for (int i = 0; i < 2 * ENTRIES_MAX; i++) {
      map.put("k" + i, 1);
    }

    assertThat(map.size()).isEqualTo(ENTRIES_MAX);
    assertThat(map.get("k0")).isNull();
  }

  @Test
  void shouldDropTheLeastRecentlyUsedWhereTheyWeighTooMuch() {
    map.put("a", HALF);
    map.put("b", HALF);
    map.get("a");

    map.put("c", 1);

    assertThat(map.get("b")).isNull();
    assertThat(map.get("a")).isEqualTo(HALF);
    assertThat(map.get("c")).isEqualTo(1);
  }

  @Test
  void shouldKeepOneAloneHoweverHeavy() {
    map.put("a", 1);

    map.put("b", 5 * HALF);

    assertThat(map.size()).isEqualTo(1);
    assertThat(map.get("b")).isEqualTo(5 * HALF);
  }

  @Test
  void shouldForgetTheWeightOfWhatIsReplacedAndRemoved() {
    for (int i = 0; i < 10; i++) {
      map.put("a", HALF);
      map.put("b", HALF);
      map.remove("b");
    }
    map.put("b", HALF);

    assertThat(map.get("a")).isEqualTo(HALF);
    assertThat(map.get("b")).isEqualTo(HALF);
  }

  @Test
  void removeIfForgetsEntriesAndTheirWeight() {
    map.put("p1", HALF);
    map.put("p2", HALF);

    map.removeIf(key -> key.equals("p1"));
    map.put("p3", HALF);

    assertThat(map.get("p1")).isNull();
    assertThat(map.get("p2")).isEqualTo(HALF);
    assertThat(map.get("p3")).isEqualTo(HALF);
  }
}
