package dev.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.AccessObserver;
import dev.sluice.access.SweepSummary;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.product.stage.TaskStatistics;
import dev.sluice.streams.WorkerObserver;
import dev.sluice.topology.Observers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AssignedPartitionsTest {
  private static final Supplier<SweepSummary> NO_SWEEPS = () -> SweepSummary.NONE;

  private final AssignedPartitions inputs = new AssignedPartitions("events", "users", "updates");
  private final List<String> told = new ArrayList<>();
  private final Observers observers =
      inputs.behind(
          new Observers(List.of(new Events()), List.of(new Updates()), WorkerObserver.NONE));
  private final EventObserver events = EventObserver.all(observers.events());
  private final AccessObserver access = AccessObserver.all(observers.access());

  private final class Events implements EventObserver {
    @Override
    public void decided(String type, String outcome) {
      told.add(type + " " + outcome);
    }

    @Override
    public void opened(int partition, TaskStatistics statistics) {
      told.add("events " + partition + " opened");
    }

    @Override
    public void closed(int partition, TaskStatistics statistics) {
      told.add("events " + partition + " closed");
    }
  }

  private final class Updates implements AccessObserver {
    @Override
    public void emitted(AccessDiff.Change change, long count) {}

    @Override
    public void opened(int partition, Supplier<SweepSummary> sweeps) {
      told.add("updates " + partition + " opened");
    }

    @Override
    public void closed(int partition, Supplier<SweepSummary> sweeps) {
      told.add("updates " + partition + " closed");
    }
  }

  private static TopicPartition at(String topic, int partition) {
    return new TopicPartition(topic, partition);
  }

  @Test
  void shouldHoldWhatIsOpenOfBothInputs() {
    events.opened(0, new TaskStatistics());
    access.opened(0, NO_SWEEPS);
    access.opened(1, NO_SWEEPS);
    assertThat(inputs.now())
        .containsExactlyInAnyOrder(at("events", 0), at("updates", 0), at("updates", 1));

    access.closed(0, NO_SWEEPS);
    events.closed(0, new TaskStatistics());

    assertThat(inputs.now()).containsExactly(at("updates", 1));
  }

  @Test
  void shouldStillHoldATaskThatOneThreadOpenedBeforeAnotherClosedIt() {
    access.opened(3, NO_SWEEPS);
    access.opened(3, NO_SWEEPS);

    access.closed(3, NO_SWEEPS);
    assertThat(inputs.now()).containsExactly(at("updates", 3));

    access.closed(3, NO_SWEEPS);
    assertThat(inputs.now()).isEmpty();
  }

  @Test
  void shouldTellTheOtherListenersToo() {
    events.opened(2, new TaskStatistics());
    events.decided("ProductPublished", "applied");
    access.opened(1, NO_SWEEPS);
    access.closed(1, NO_SWEEPS);
    events.closed(2, new TaskStatistics());

    assertThat(told)
        .containsExactly(
            "events 2 opened",
            "ProductPublished applied",
            "updates 1 opened",
            "updates 1 closed",
            "events 2 closed");
  }
}
