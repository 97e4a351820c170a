package dev.sluice.metrics;

import dev.sluice.topology.Observers;
import dev.sluice.worker.Worker;
import dev.sluice.worker.WorkerMonitor;
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

/** All metrics of one worker. What a worker tells them is as cheap as an addition. */
public final class WorkerMetrics implements AutoCloseable {

  /** How often it is looked for new metrics of Kafka's. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  /** Of the binders, and against Prometheus' rules for names; nothing asks for them. */
  private static final Set<String> MISNAMED = Set.of("process.cpu.time", "system.cpu.count");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Meters meters = new Meters(registry);
  private final LongSupplier clockMs;
  private final EventMetrics events;
  private final CommandMetrics commands;
  private final TransactionMetrics transactions;
  private final ApiMetrics api;

  /**
   * Held while Kafka's metrics come and go, and while all are read: a reading that saw one half
   * gone and half there again would fail over it.
   */
  private final Lock changing = new ReentrantLock();

  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

  /** Before the worker starts. */
  public WorkerMetrics() {
    this(System::currentTimeMillis);
  }

  WorkerMetrics(LongSupplier clockMs) {
    this.clockMs = clockMs;
    registry
        .config()
        .meterFilter(new KafkaMetricFilter())
        .meterFilter(MeterFilter.deny(id -> MISNAMED.contains(id.getName())));
    events = new EventMetrics(meters, clockMs);
    commands = new CommandMetrics(meters, clockMs);
    transactions = new TransactionMetrics(meters, clockMs);
    api = new ApiMetrics(meters);
  }

  /** What is counted of events; in words too. */
  public EventMetrics events() {
    return events;
  }

  /** What is counted of requests to the API. */
  public ApiMetrics api() {
    return api;
  }

  /** Those that the worker is to tell. */
  public Observers observers() {
    return new Observers(List.of(events), List.of(commands), transactions);
  }

  /** Shows too whether the tokens of the API can be checked. */
  public void showTokens(BooleanSupplier usable) {
    meters.gauge(Metric.API_TOKENS_USABLE, () -> usable.getAsBoolean() ? 1 : 0);
  }

  /** Shows too what a watch sees. */
  public void show(WorkerMonitor watch) {
    new WorkerStatusMetrics(meters, watch, events, clockMs);
  }

  /** Shows too what is used of Kafka's own metrics. */
  public void show(Worker worker) {
    var timer = new MetricScanTimer(changing);
    toClose.push(timer::shutdownNow);
    var kafka = new KafkaStreamsMetrics(worker.streams(), List.of(), timer, LOOK);
    toClose.push(kafka);
    changing.lock();
    try {
      kafka.bindTo(registry);
    } finally {
      changing.unlock();
    }
  }

  /** Shows too how full the disk of that folder is, which need not be there yet. */
  public void showDisk(Path folder) {
    var file = folder.toFile();
    meters.gauge(Metric.STATE_DISK_FREE, () -> file.exists() ? file.getUsableSpace() : Double.NaN);
    meters.gauge(Metric.STATE_DISK_SIZE, () -> file.exists() ? file.getTotalSpace() : Double.NaN);
  }

  /** Shows too how the Java virtual machine and the process are. */
  public void showProcess() {
    var collections = new JvmGcMetrics();
    toClose.push(collections);
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** All of it, as a scraper wants it. */
  public String scrape(ExpositionFormat format) {
    changing.lock();
    try {
      return registry.scrape(format.contentType());
    } finally {
      changing.unlock();
    }
  }

  @Override
  public void close() {
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
