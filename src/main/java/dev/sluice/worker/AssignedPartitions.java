package dev.sluice.worker;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.AccessObserver;
import dev.sluice.access.SweepSummary;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.product.stage.TaskStatistics;
import dev.sluice.topology.Observers;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Partitions of open tasks, as reported by the stages. Streams reports a thread's tasks late: not
 * while a new thread waits in its first record.
 */
final class AssignedPartitions {
  private final String events;
  private final String users;
  private final String updates;
  private final OpenPartitions open = new OpenPartitions();

  /**
   * Creates an empty set.
   *
   * @param events the name of product-events
   * @param users the name of user-events
   * @param updates the name of access-updates
   */
  AssignedPartitions(String events, String users, String updates) {
    this.events = events;
    this.users = users;
    this.updates = updates;
  }

  /** Returns the partitions of open tasks. */
  Set<TopicPartition> now() {
    return open.now();
  }

  /** Returns listeners that update this set, after the given ones. */
  Observers behind(Observers first) {
    return first.and(new OfEvents(), new OfUpdates());
  }

  private final class OfEvents implements EventObserver {
    @Override
    public void decided(String type, String outcome) {}

    @Override
    public void opened(int partition, TaskStatistics statistics) {
      open.opened(events, partition);
    }

    @Override
    public void closed(int partition, TaskStatistics statistics) {
      open.closed(events, partition);
    }

    @Override
    public void openedUsers(int partition) {
      open.opened(users, partition);
    }

    @Override
    public void closedUsers(int partition) {
      open.closed(users, partition);
    }
  }

  private final class OfUpdates implements AccessObserver {
    @Override
    public void emitted(AccessDiff.Change change, long count) {}

    @Override
    public void opened(int partition, Supplier<SweepSummary> sweeps) {
      open.opened(updates, partition);
    }

    @Override
    public void closed(int partition, Supplier<SweepSummary> sweeps) {
      open.closed(updates, partition);
    }
  }
}
