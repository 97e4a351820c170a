package dev.sluice.app;

import dev.sluice.config.HttpKeys;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.health.Health;
import dev.sluice.http.DeliveryApi;
import dev.sluice.http.HealthEndpoint;
import dev.sluice.http.HttpPort;
import dev.sluice.http.InfoEndpoint;
import dev.sluice.http.MetricsEndpoint;
import dev.sluice.metrics.DeliveryProcessMetrics;
import dev.sluice.operator.OperatorException;
import dev.sluice.worker.Delivery;
import dev.sluice.worker.WorkerMonitor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Delivery in a process of its own, with its metrics, health and HTTP port: the composition root.
 *
 * <p>They start in this order: metrics; the monitor, which reads the status every second; the API,
 * which answers 503 until delivery runs; the HTTP port with health, metrics, information and API,
 * so that a slow start can be observed; delivery. They close in the reverse order.
 */
public final class DeliveryApp implements AutoCloseable {
  private final Parts parts;
  private final DeliveryProcessMetrics metrics;
  private final @Nullable HttpPort port;
  private final Delivery delivery;

  private DeliveryApp(SluiceConfig config, Parts parts) {
    this.parts = parts;
    var own = config.forDelivery();
    metrics = parts.add(WorkerApp.METRICS, new DeliveryProcessMetrics());
    var health = new Health(own);
    var watch = parts.add(WorkerApp.WATCH, new WorkerMonitor(own, health::update));
    var serves = config.get(HttpKeys.PORT) >= 0;
    var api =
        serves ? parts.add(WorkerApp.API, new DeliveryApi(config, metrics.api()::answered)) : null;
    port = api == null ? null : parts.add(WorkerApp.PORT, open(config, own, health, metrics, api));
    if (api != null) {
      metrics.showTokens(api::knowsTokens);
    }
    metrics.show(watch);
    metrics.showDisk(own.dataDir());
    metrics.showProcess();
    var listeners =
        new Delivery.Listeners(
            metrics.delivery(), metrics.process(), metrics.delivery().typeNames());
    delivery =
        parts.add(
            WorkerApp.DELIVERY,
            Delivery.start(config, api == null ? listeners : listeners.and(api.taskListener())));
    if (api != null) {
      api.serve(delivery);
    }
    watch.watch(delivery);
    metrics.show(delivery.streams());
  }

  private static HttpPort open(
      SluiceConfig config,
      SluiceConfig own,
      Health health,
      DeliveryProcessMetrics metrics,
      DeliveryApi api) {
    return HttpPort.open(
        config,
        List.of(
            new HealthEndpoint(health),
            new MetricsEndpoint(metrics),
            new InfoEndpoint(own),
            api.endpoint()));
  }

  /**
   * Starts all parts; does not wait until delivery runs. If one fails, the parts before it are
   * closed.
   *
   * @param config the settings as they are given
   * @throws InvalidConfigException if the port cannot be opened; delivery was not started
   * @throws OperatorException if delivery cannot run in its environment
   */
  public static DeliveryApp start(SluiceConfig config) {
    var parts = new Parts();
    try {
      return new DeliveryApp(config, parts);
    } catch (RuntimeException | Error e) {
      parts.closeAfter(e);
      throw e;
    }
  }

  /**
   * Returns delivery; closing it early is permitted, and ends the work while the port still
   * answers.
   */
  public Delivery delivery() {
    return delivery;
  }

  /** Returns the metrics. */
  public DeliveryProcessMetrics metrics() {
    return metrics;
  }

  /**
   * Returns the open port, 1 to 65535.
   *
   * @throws NullPointerException if none is open
   */
  public int port() {
    return Objects.requireNonNull(port, "the HTTP port is disabled").port();
  }

  @Override
  public void close() {
    parts.close();
  }
}
