package dev.sluice.app;

import dev.sluice.config.DeliveryKeys;
import dev.sluice.config.HttpKeys;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import dev.sluice.failure.FailureHandler;
import dev.sluice.health.Health;
import dev.sluice.http.Api;
import dev.sluice.http.ConsoleEndpoint;
import dev.sluice.http.HealthEndpoint;
import dev.sluice.http.HttpPort;
import dev.sluice.http.InfoEndpoint;
import dev.sluice.http.MetricsEndpoint;
import dev.sluice.metrics.WorkerMetrics;
import dev.sluice.operator.OperatorException;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.streams.WorkerObserver;
import dev.sluice.topology.Observers;
import dev.sluice.worker.Delivery;
import dev.sluice.worker.Worker;
import dev.sluice.worker.WorkerMonitor;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A worker with its metrics, health, API, console and HTTP port: the composition root.
 *
 * <p>They start in this order:
 *
 * <ol>
 *   <li>metrics;
 *   <li>the monitor, which reads the worker's status every second for metrics and health;
 *   <li>the API, which answers 503 until the worker runs;
 *   <li>the HTTP port with health, metrics, information, API and console, so that a slow start can
 *       be observed;
 *   <li>the live streams of the API, which hold connections of the port;
 *   <li>the worker;
 *   <li>with {@code delivery.enabled}, delivery and its monitor. If delivery fails, the worker ends
 *       too: what is not confirmed would otherwise go unnoticed.
 * </ol>
 *
 * They close in the reverse order. While the worker commits and leaves its group, the port still
 * answers, and health reports that the worker is stopping. The live streams end before the port,
 * which would wait for them. The API closes after the port, so that no request meets a closed one.
 * Metrics close last.
 */
public final class WorkerApp implements AutoCloseable {
  static final String METRICS = "metrics";
  static final String WATCH = "watch";
  static final String API = "API";
  static final String PORT = "HTTP port";
  static final String LIVE = "live views";
  static final String WORKER = "worker";
  static final String DELIVERY_WATCH = "delivery watch";
  static final String DELIVERY = "delivery";

  /** The parts that are started with the worker. */
  public enum Extent {
    /** No further parts. For measurements. */
    BARE,
    /** Metrics and the monitor, without a port. For measurements. */
    METRICS,
    /** All configured parts; with {@code http.port=-1} only metrics. */
    FULL
  }

  private final SluiceConfig config;
  private final Parts parts;
  private final WorkerMetrics metrics;
  private final @Nullable Api api;
  private final @Nullable HttpPort port;
  private final Worker worker;
  private final @Nullable Delivery delivery;

  private WorkerApp(
      SluiceConfig config,
      Extent extent,
      Parts parts,
      List<? extends EventObserver> listeners,
      Function<Observers, Worker> starting) {
    this.config = config;
    this.parts = parts;
    metrics = parts.add(METRICS, new WorkerMetrics());
    var serves = extent == Extent.FULL && config.get(HttpKeys.PORT) >= 0;
    WorkerMonitor watch = null;
    Health health = null;
    if (serves) {
      health = new Health(config);
      watch = parts.add(WATCH, new WorkerMonitor(config, health::update));
      var served = parts.add(API, Api.of(config, metrics.api()::answered));
      api = served;
      port = parts.add(PORT, open(config, health, metrics, served));
      parts.add(LIVE, served::dismiss);
      metrics.showDisk(config.dataDir());
      metrics.showTokens(served::knowsTokens);
    } else {
      api = null;
      port = null;
      if (extent == Extent.METRICS) {
        watch = parts.add(WATCH, new WorkerMonitor(config, monitor -> {}));
      }
    }
    if (watch != null) {
      metrics.show(watch);
      metrics.showProcess();
    }
    var own = extent == Extent.BARE ? Observers.NONE : metrics.observers();
    if (api != null) {
      own = own.and(List.of(api.taskListener()));
    }
    worker = parts.add(WORKER, starting.apply(own.and(listeners)));
    if (watch != null) {
      watch.watch(worker);
      metrics.show(worker.streams());
    }
    if (api != null) {
      api.serve(worker);
    }
    delivery =
        config.get(DeliveryKeys.ENABLED) ? startDelivery(extent != Extent.BARE, health) : null;
  }

  private Delivery startDelivery(boolean isMeasured, @Nullable Health health) {
    var watch =
        parts.add(
            DELIVERY_WATCH,
            new WorkerMonitor(
                config.forDelivery(), health == null ? monitor -> {} : health::updateDelivery));
    var listeners = Delivery.Listeners.NONE;
    if (isMeasured) {
      var own = metrics.delivery();
      listeners = new Delivery.Listeners(own, WorkerObserver.NONE, own.typeNames());
    }
    if (api != null) {
      listeners = listeners.and(api.deliveryTaskListener());
    }
    var started = parts.add(DELIVERY, Delivery.start(config, listeners));
    watch.watch(started);
    if (api != null) {
      api.serve(started);
    }
    if (isMeasured) {
      // Not Kafka's own metrics, whose names do not tell the two applications apart.
      metrics.showDelivery(watch);
    }
    started.whenFailed(
        error ->
            worker.fail(
                new OperatorException(
                    "delivery, which runs in this process (delivery.enabled), stopped: "
                        + FailureHandler.messages(error)
                        + FailureHandler.remedy(error),
                    error)));
    return started;
  }

  private static HttpPort open(SluiceConfig config, Health health, WorkerMetrics metrics, Api api) {
    return HttpPort.open(
        config,
        List.of(
            new HealthEndpoint(health),
            new MetricsEndpoint(metrics),
            new InfoEndpoint(config),
            api.endpoint(),
            new ConsoleEndpoint()));
  }

  /**
   * Starts all parts; does not wait until the worker runs. If one fails, the parts before it are
   * closed.
   *
   * @param listeners receive every event's outcome, after the metrics, from several threads
   * @throws InvalidConfigException if the port cannot be opened; the worker was not started
   * @throws OperatorException if the worker cannot run in its environment
   */
  public static WorkerApp start(SluiceConfig config, List<? extends EventObserver> listeners) {
    return start(config, Extent.FULL, listeners);
  }

  /** Starts a limited set of parts; otherwise the same. */
  public static WorkerApp start(
      SluiceConfig config, Extent extent, List<? extends EventObserver> listeners) {
    return start(config, extent, listeners, observers -> Worker.start(config, observers));
  }

  static WorkerApp start(
      SluiceConfig config,
      Extent extent,
      List<? extends EventObserver> listeners,
      Function<Observers, Worker> starting) {
    var parts = new Parts();
    try {
      return new WorkerApp(config, extent, parts, listeners, starting);
    } catch (RuntimeException | Error e) {
      parts.closeAfter(e);
      throw e;
    }
  }

  /** Returns the configuration. */
  public SluiceConfig config() {
    return config;
  }

  /**
   * Returns the worker; closing it early is permitted, and ends the work while the port still
   * answers.
   */
  public Worker worker() {
    return worker;
  }

  /** Returns delivery; null if it does not run in this process. */
  public @Nullable Delivery delivery() {
    return delivery;
  }

  /** Returns the metrics. */
  public WorkerMetrics metrics() {
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

  /** Closes the port, like a cut network connection; the worker continues. */
  public void closePort() {
    if (api != null && port != null) {
      api.dismiss();
      port.close();
    }
  }

  /** Returns the names of the parts, in the order of their start. */
  List<String> order() {
    return parts.names();
  }

  @Override
  public void close() {
    parts.close();
  }
}
