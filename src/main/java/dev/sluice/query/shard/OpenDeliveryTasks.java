package dev.sluice.query.shard;

import dev.sluice.delivery.stage.DeliveryObserver;
import dev.sluice.delivery.stage.DeliveryStatistics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The statistics of the delivery stage's open tasks in this process, by partition. */
public final class OpenDeliveryTasks implements DeliveryObserver {
  private final Map<Integer, DeliveryStatistics> byPartition = new ConcurrentHashMap<>();

  /** Creates the list without any task. */
  public OpenDeliveryTasks() {}

  /** A task's statistics; null where no task of that partition is open here. */
  public @Nullable DeliveryStatistics of(int partition) {
    return byPartition.get(partition);
  }

  @Override
  public void opened(int partition, DeliveryStatistics statistics) {
    byPartition.put(partition, statistics);
  }

  @Override
  public void closed(int partition, DeliveryStatistics statistics) {
    // Another thread may have opened the task before this one closed it.
    byPartition.remove(partition, statistics);
  }
}
