package dev.sluice.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BoundedMapTest {
  private static final int HALF = (int) (BoundedMap.WEIGHT_LIMIT / 2);

  private final BoundedMap<String, Integer> map = new BoundedMap<>(weight -> weight);

  @Test
  void shouldKeepNoMoreThanTheLimit() {
    for (int i = 0; i < 2 * BoundedMap.LIMIT; i++) {
      map.put("k" + i, 1);
    }

    assertThat(map.size()).isEqualTo(BoundedMap.LIMIT);
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
}
