package dev.sluice.product;

import static dev.sluice.event.Events.source;
import static dev.sluice.event.Events.sources;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SourceSetTest {
  private static final TreeMap<String, String> NOTHING = new TreeMap<>();

  @Test
  void shouldSortSources() {
    assertThat(SourceSet.of(sources("s2", "s10", "s1"), NOTHING).sources().keySet())
        .containsExactly("s1", "s10", "s2");
  }

  @Test
  void shouldTakeRepetitionsForOne() {
    var set = SourceSet.of(sources("s1", "s1"), NOTHING);

    assertThat(set.sources()).isEqualTo(Map.of("s1", "Snowflake"));
    assertThat(set.conflict()).isNull();
  }

  @Test
  void shouldAcceptNoSources() {
    assertThat(SourceSet.of(List.of(), NOTHING)).isEqualTo(new SourceSet(NOTHING, null));
  }

  @Test
  void shouldRefuseTwoTypesForOneSource() {
    var set = SourceSet.of(List.of(source("s1", "A"), source("s1", "B")), NOTHING);

    assertThat(set.conflict()).isEqualTo("source \"s1\" is given as A and as B");
    assertThat(set.sources()).isEmpty();
  }

  @Test
  void shouldRefuseAnotherTypeThanIsHeld() {
    var held = new TreeMap<>(Map.of("s1", "A"));

    assertThat(SourceSet.of(List.of(source("s1", "B")), held).conflict())
        .isEqualTo("source \"s1\" is A in the product, not B");
  }

  @Test
  void shouldAcceptTheTypeThatIsHeld() {
    var held = new TreeMap<>(Map.of("s1", "A"));

    assertThat(SourceSet.of(List.of(source("s1", "A"), source("s2", "B")), held).conflict())
        .isNull();
  }
}
