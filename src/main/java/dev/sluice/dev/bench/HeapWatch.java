package dev.sluice.dev.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Measures this process's heap: the maximum in use, and the maximum after a collection. Broker,
 * worker and measurement share it.
 */
final class HeapWatch implements AutoCloseable {
  private static final int SAMPLE_MS = 50;

  private final List<MemoryPoolMXBean> pools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
          .toList();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "heap-watch");
            thread.setDaemon(true);
            return thread;
          });
  private volatile long usedMax;
  private volatile long afterCollectionMax;

  /** Starts measuring. */
  @SuppressWarnings("FutureReturnValueIgnored") // runs until it is closed
  HeapWatch() {
    clock.scheduleAtFixedRate(this::sample, 0, SAMPLE_MS, TimeUnit.MILLISECONDS);
  }

  private void sample() {
    var runtime = Runtime.getRuntime();
    usedMax = Math.max(usedMax, runtime.totalMemory() - runtime.freeMemory());
    var left = 0L;
    for (var pool : pools) {
      left += pool.getCollectionUsage().getUsed();
    }
    afterCollectionMax = Math.max(afterCollectionMax, left);
  }

  /** Returns the results in bytes, by name. */
  Map<String, Object> found() {
    var found = new LinkedHashMap<String, Object>();
    found.put("heapUsedBytesMax", usedMax);
    found.put("heapAfterCollectionBytesMax", afterCollectionMax);
    return found;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
