package dev.sluice.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.event.Events;
import dev.sluice.sim.Contract;
import dev.sluice.streams.OutageRetry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

/** Tests a valid event while the registry does not answer. */
class OutageTopologyTest {

  @Test
  void shouldWorkAnEventOffOnceTheOutageIsOver() {
    var tries = new ArrayList<Integer>();
    OutageRetry outageRetry = (tried, trouble) -> tries.add(tried);
    try (var driver = new Driver(() -> failing(3), outageRetry)) {

      driver.put(Events.published("p1", "s1"));

      assertThat(tries).isEqualTo(List.of(1, 2, 3));
      assertThat(driver.outcomes()).containsExactly("applied");
      assertThat(driver.rejected()).isEmpty();
    }
  }

  @Test
  void shouldNotDecideWithoutPatience() {
    try (var driver = new Driver(() -> failing(3), (tried, trouble) -> false)) {

      assertThatThrownBy(() -> driver.put(Events.published("p1", "s1")))
          .hasRootCauseInstanceOf(TimeoutException.class);

      assertThat(driver.outcomes()).isEmpty();
      assertThat(driver.rejected()).isEmpty();
    }
  }

  /** Fails a number of times, and then reads. */
  private static Deserializer<Object> failing(int times) {
    var left = new AtomicInteger(times);
    return (topic, bytes) -> {
      if (left.getAndDecrement() > 0) {
        throw new SerializationException("no schema", new TimeoutException("slow"));
      }
      return Contract.EVENTS.deserializer().deserialize(topic, bytes);
    };
  }
}
