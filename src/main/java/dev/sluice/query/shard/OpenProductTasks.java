package dev.sluice.query.shard;

import dev.sluice.product.stage.EventObserver;
import dev.sluice.product.stage.TaskStatistics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The statistics of the product stage's open tasks in this process, by partition. */
public final class OpenProductTasks implements EventObserver {
  private final Map<Integer, TaskStatistics> byPartition = new ConcurrentHashMap<>();

  /** Creates the list without any task. */
  public OpenProductTasks() {}

  /** A task's statistics; null where no task of that partition is open here. */
  public @Nullable TaskStatistics of(int partition) {
    return byPartition.get(partition);
  }

  @Override
  public void decided(String type, String outcome) {}

  @Override
  public void opened(int partition, TaskStatistics statistics) {
    byPartition.put(partition, statistics);
  }

  @Override
  public void closed(int partition, TaskStatistics statistics) {
    // Another thread may have opened the task before this one closed it.
    byPartition.remove(partition, statistics);
  }
}
