package dev.sluice.dev.bench;

import dev.sluice.app.WorkerApp;
import dev.sluice.app.WorkerApp.Extent;
import dev.sluice.config.SluiceConfig;
import dev.sluice.metrics.ExpositionFormat;
import dev.sluice.worker.Worker;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A worker under measurement, with or without its metrics. */
final class MeasuredWorker implements AutoCloseable {
  private final WorkerApp app;
  private final @Nullable ScheduledExecutorService scraper;

  private MeasuredWorker(WorkerApp app, @Nullable ScheduledExecutorService scraper) {
    this.app = app;
    this.scraper = scraper;
  }

  /** Starts a worker, with metrics if the measurement needs them. */
  static MeasuredWorker start(Bench bench, SluiceConfig config) {
    if (!bench.metrics()) {
      return new MeasuredWorker(WorkerApp.start(config, Extent.BARE, List.of()), null);
    }
    var app = WorkerApp.start(config, Extent.METRICS, List.of());
    var scraper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("scraper").factory());
    // More frequently than Prometheus reads them.
    scraper.scheduleAtFixedRate(
        () -> app.metrics().scrape(ExpositionFormat.TEXT), 1, 1, TimeUnit.SECONDS);
    return new MeasuredWorker(app, scraper);
  }

  Worker worker() {
    return app.worker();
  }

  @Override
  public void close() {
    if (scraper != null) {
      scraper.shutdownNow();
    }
    app.close();
  }
}
