package dev.sluice.product;

import static dev.sluice.event.Events.source;
import static dev.sluice.event.Events.sources;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.update.SourceRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceSetTest {

  @Test
  void shouldSortSources() {
    assertThat(SourceSet.of(sources("s2", "s10", "s1")))
        .extracting(SourceRef::sourceId)
        .containsExactly("s1", "s10", "s2");
  }

  @Test
  void shouldTakeTheSameSourceForOne() {
    assertThat(SourceSet.of(sources("s1", "s1"))).containsExactly(new SourceRef("s1", "Snowflake"));
  }

  @Test
  void shouldAcceptNoSources() {
    assertThat(SourceSet.of(List.of())).isEmpty();
  }

  @Test
  void shouldTakeOneIdUnderTwoTypesForTwoSources() {
    assertThat(SourceSet.of(List.of(source("s1", "B"), source("s1", "A"))))
        .containsExactly(new SourceRef("s1", "A"), new SourceRef("s1", "B"));
  }

  @Test
  void shouldMatchTypesAsTheyAreWritten() {
    assertThat(SourceSet.of(List.of(source("s1", "snowflake"), source("s1", "Snowflake"))))
        .hasSize(2);
  }
}
