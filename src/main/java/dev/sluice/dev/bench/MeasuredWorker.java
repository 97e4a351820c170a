package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.ExpositionFormat;
import dev.sluice.metrics.WorkerMetrics;
import dev.sluice.runtime.Worker;
import dev.sluice.runtime.WorkerWatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A worker that is measured: by itself, or with all that is kept about it when it runs. */
final class MeasuredWorker implements AutoCloseable {
  private final Worker worker;
  private final @Nullable Metrics metrics;

  private MeasuredWorker(Worker worker, @Nullable Metrics metrics) {
    this.worker = worker;
    this.metrics = metrics;
  }

  /** Starts one; with metrics if the measurement is to have them. */
  static MeasuredWorker start(Bench bench, SluiceConfig config) {
    if (!bench.metrics()) {
      return new MeasuredWorker(Worker.start(config, (type, outcome) -> {}), null);
    }
    var metrics = new Metrics(config);
    try {
      var worker = Worker.start(config, metrics.kept.observers());
      metrics.begin(worker);
      return new MeasuredWorker(worker, metrics);
    } catch (RuntimeException e) {
      metrics.close();
      throw e;
    }
  }

  Worker worker() {
    return worker;
  }

  @Override
  public void close() {
    worker.close();
    if (metrics != null) {
      metrics.close();
    }
  }

  /** What is kept, and read every second, which is more often than Prometheus does. */
  private static final class Metrics implements AutoCloseable {
    private final WorkerMetrics kept = new WorkerMetrics();
    private final WorkerWatch watch;
    private final ScheduledExecutorService scraper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("scraper").factory());

    Metrics(SluiceConfig config) {
      watch = new WorkerWatch(config, seen -> {});
    }

    void begin(Worker worker) {
      watch.watch(worker);
      kept.show(watch);
      kept.show(worker);
      kept.showProcess();
      scraper.scheduleAtFixedRate(() -> kept.scrape(ExpositionFormat.TEXT), 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      scraper.shutdownNow();
      watch.close();
      kept.close();
    }
  }
}
