package dev.sluice.topology;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.published;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** State has a place in the input: what was stored before anything was read would have none. */
class EmptyStateTopologyTest {

  @Test
  void shouldStoreNothingBeforeAnythingWasRead() {
    try (var driver = new Driver()) {
      driver.pass(Duration.ofMinutes(1));
      assertThat(driver.state()).isEmpty();

      driver.put(published("p1", "s1"));
      driver.put(approved("p1", "r1", "ana"));
      assertThat(driver.keys("command-revision")).containsExactly("given-sources", "last", "read");
    }
  }
}
