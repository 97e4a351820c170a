package dev.sluice.metrics;

import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.KafkaStreams;

/** The metrics of one process, whatever runs in it. */
public abstract class ProcessMetrics implements AutoCloseable {

  /** Interval between scans for new Kafka metrics. */
  private static final Duration SCAN_INTERVAL = Duration.ofSeconds(10);

  /** Metrics of the binders whose names violate Prometheus' rules; they are not used. */
  private static final Set<String> MISNAMED = Set.of("process.cpu.time", "system.cpu.count");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Meters meters = new Meters(registry);
  private final TransactionMetrics transactions;
  private final ApiMetrics api;

  /**
   * Held while Kafka's metrics change and while all are read: reading a partly registered metric
   * would fail.
   */
  private final Lock changing = new ReentrantLock();

  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

  ProcessMetrics(LongSupplier clockMs) {
    registry
        .config()
        .meterFilter(new KafkaMetricFilter())
        .meterFilter(MeterFilter.deny(id -> MISNAMED.contains(id.getName())));
    transactions = new TransactionMetrics(meters, clockMs);
    api = new ApiMetrics(meters);
  }

  final Meters meters() {
    return meters;
  }

  /** Returns the metrics of the transactions of the process's main application. */
  final TransactionMetrics transactions() {
    return transactions;
  }

  /** Returns the metrics of API requests. */
  public final ApiMetrics api() {
    return api;
  }

  /** Adds a metric about usable API tokens. */
  public final void showTokens(BooleanSupplier usable) {
    meters.gauge(Metric.API_TOKENS_USABLE, () -> usable.getAsBoolean() ? 1 : 0);
  }

  /** Adds the selected metrics of Kafka. */
  public final void show(KafkaStreams streams) {
    var timer = new MetricScanTimer(changing);
    toClose.push(timer::shutdownNow);
    var kafka = new KafkaStreamsMetrics(streams, List.of(), timer, SCAN_INTERVAL);
    toClose.push(kafka);
    changing.lock();
    try {
      kafka.bindTo(registry);
    } finally {
      changing.unlock();
    }
  }

  /** Adds the disk usage of a folder, which need not exist yet. */
  public final void showDisk(Path folder) {
    var file = folder.toFile();
    meters.gauge(Metric.STATE_DISK_FREE, () -> file.exists() ? file.getUsableSpace() : Double.NaN);
    meters.gauge(Metric.STATE_DISK_SIZE, () -> file.exists() ? file.getTotalSpace() : Double.NaN);
  }

  /** Adds metrics of the Java virtual machine and the process. */
  public final void showProcess() {
    var collections = new JvmGcMetrics();
    toClose.push(collections);
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Returns all metrics in a format. */
  public final String scrape(ExpositionFormat format) {
    changing.lock();
    try {
      return registry.scrape(format.contentType());
    } finally {
      changing.unlock();
    }
  }

  @Override
  public final void close() {
    for (var each : toClose) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot close the metrics", e);
      }
    }
    registry.close();
  }
}
