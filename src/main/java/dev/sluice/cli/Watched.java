package dev.sluice.cli;

import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.health.Health;
import dev.sluice.http.Api;
import dev.sluice.http.ConsoleEndpoint;
import dev.sluice.http.HealthEndpoint;
import dev.sluice.http.HttpPort;
import dev.sluice.http.InfoEndpoint;
import dev.sluice.http.MetricsEndpoint;
import dev.sluice.metrics.WorkerMetrics;
import dev.sluice.runtime.Worker;
import dev.sluice.runtime.WorkerWatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A worker's metrics and health, and the port on which they are had, if there is to be one. */
public final class Watched implements AutoCloseable {
  private final SluiceConfig config;
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final @Nullable HttpPort port;
  private final @Nullable WorkerWatch watch;
  private final @Nullable Api api;

  private Watched(SluiceConfig config) {
    this.config = config;
    if (config.httpPort() < 0) {
      port = null;
      watch = null;
      api = null;
      return;
    }
    var health = new Health(config);
    var served = Api.of(config, metrics.api()::answered);
    api = served;
    try {
      port =
          HttpPort.open(
              config,
              List.of(
                  new HealthEndpoint(health),
                  new MetricsEndpoint(metrics),
                  new InfoEndpoint(config),
                  served.endpoint(),
                  new ConsoleEndpoint()));
    } catch (InvalidConfigException e) {
      served.close();
      metrics.close();
      throw e;
    }
    var looking = new WorkerWatch(config, health::look);
    watch = looking;
    metrics.show(looking);
    metrics.showDisk(config.dataDir());
    metrics.showProcess();
    metrics.showTokens(served::knowsTokens);
  }

  /** Before the worker starts, so that its start can be watched too. */
  public static Watched open(SluiceConfig config) {
    return new Watched(config);
  }

  /** What the worker is to be started with. */
  public SluiceConfig config() {
    return config;
  }

  /** What the worker is to tell what it does. */
  public WorkerMetrics metrics() {
    return metrics;
  }

  /** The port that is open; -1 for none. */
  public int port() {
    return port == null ? -1 : port.port();
  }

  /** The worker was started. */
  public void watch(Worker worker) {
    if (watch != null) {
      watch.watch(worker);
      metrics.show(worker);
    }
    if (api != null) {
      api.serve(worker);
    }
  }

  @Override
  public void close() {
    if (api != null) {
      api.dismiss();
    }
    if (port != null) {
      port.close();
    }
    if (api != null) {
      api.close();
    }
    if (watch != null) {
      watch.close();
    }
    metrics.close();
  }
}
