package dev.sluice.it;

import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.event.Event;
import dev.sluice.prom.PrometheusServer;
import dev.sluice.testing.Commands;
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.WorkerProcess;
import dev.sluice.testing.Workers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A worker's process that Prometheus watches, and all that it needs, to be broken one by one. */
final class WatchedSite implements AutoCloseable {
  private static final String DISK_SIZE = "256m";

  private final Path folder;
  private final boolean quick;
  private final int kafkaPort = FreePorts.next();
  private final int httpPort = FreePorts.next();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Path disk;
  private final boolean smallDisk;
  private final PrometheusServer prometheus;
  private final SluiceConfig config;
  private EmbeddedKafka kafka;
  private @Nullable RegistryServer registry;
  private final int registryPort;
  private @Nullable WorkerProcess worker;
  private int workers;

  /** With a worker that runs. */
  WatchedSite(Path folder, String rules, Duration every, boolean quick) throws Exception {
    this.folder = folder;
    this.quick = quick;
    disk = Files.createDirectories(folder.resolve("disk"));
    smallDisk =
        Commands.succeeds(
            "mount", "-t", "tmpfs", "-o", "size=" + DISK_SIZE, "tmpfs", disk.toString());
    kafka = broker();
    var first = RegistryServer.start(0, folder.resolve("schemas.json"));
    registry = first;
    registryPort = URI.create(first.url()).getPort();
    config = SluiceConfig.of(settings());
    prometheus = PrometheusServer.start(folder.resolve("prometheus"), rules, every);
    startWorker();
    prometheus.scrape(httpPort);
  }

  private EmbeddedKafka broker() {
    return EmbeddedKafka.start(
        EmbeddedKafkaSettings.lasting(folder.resolve("kafka"))
            .withBrokerPort(kafkaPort)
            .withProperties(TestCluster.QUICK));
  }

  private Map<String, String> settings() {
    var settings = new HashMap<String, String>();
    settings.put("bootstrap.servers", "127.0.0.1:" + kafkaPort);
    settings.put("schema.registry.url", "http://127.0.0.1:" + registryPort);
    settings.put("topic.partitions", "1");
    settings.put("access.partitions", "1");
    settings.put("threads", "1");
    settings.put("http.port", Integer.toString(httpPort));
    settings.put("data.dir", disk.resolve("data").toString());
    // Large enough for a slow restore when consumers are limited.
    settings.put("streams.restore.consumer.max.partition.fetch.bytes", "4096");
    settings.put("streams.restore.consumer.fetch.max.bytes", "4096");
    if (quick) {
      settings.put("streams.session.timeout.ms", "3000");
      settings.put("streams.heartbeat.interval.ms", "500");
    }
    return settings;
  }

  SluiceConfig config() {
    return config;
  }

  PrometheusServer prometheus() {
    return prometheus;
  }

  boolean hasSmallDisk() {
    return smallDisk;
  }

  void startWorker() throws IOException {
    startWorker(settings());
  }

  private void startWorker(Map<String, String> settings) throws IOException {
    worker = WorkerProcess.start(folder.resolve("worker-" + ++workers + ".log"), settings);
  }

  /** The worker is started again, and told to set aside a record that comes meanwhile. */
  void restartToSetAside() throws Exception {
    killWorker();
    var settings = settings();
    try (var producer = producer(Map.of())) {
      var offset = producer.send(bytes((byte) 1)).get(20, TimeUnit.SECONDS).offset();
      settings.put("records.set.aside", "product-events:0:" + offset);
    }
    startWorker(settings);
  }

  void killWorker() throws InterruptedException {
    var running = Objects.requireNonNull(worker);
    running.close();
    running.status(Duration.ofSeconds(20));
    worker = null;
  }

  /** The worker's metrics, as Prometheus gets them; empty while the worker does not answer. */
  String metrics() throws InterruptedException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/metrics"))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    }
  }

  void stopRegistry() {
    Objects.requireNonNull(registry).close();
    registry = null;
  }

  void startRegistry() throws IOException {
    registry = RegistryServer.start(registryPort, folder.resolve("schemas.json"));
  }

  void stopKafka() {
    kafka.close();
  }

  void startKafka() {
    kafka = broker();
  }

  void publish(Event... events) {
    Workers.publish(config, events);
  }

  void publish(Consumer<EventPublisher> events) {
    try (var publisher = new EventPublisher(config)) {
      events.accept(publisher);
      publisher.flush();
    }
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    var settings = new HashMap<String, Object>(config.clientConfig());
    settings.putAll(more);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private ProducerRecord<byte[], byte[]> bytes(byte... value) {
    return new ProducerRecord<>(
        new Topics(config.topicPrefix()).productEvents(), new byte[] {'p'}, value);
  }

  /** Puts bytes on the input so many times. */
  void publishBytes(int times, byte... value) {
    try (var producer = producer(Map.of())) {
      for (int i = 0; i < times; i++) {
        producer.send(bytes(value));
      }
    }
  }

  /** Begins a transaction on the input and leaves it open; closing the result ends it. */
  AutoCloseable openTransaction() {
    var producer =
        producer(
            Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                "hangs",
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                900_000));
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(bytes((byte) 1));
    producer.flush();
    return () -> {
      producer.abortTransaction();
      producer.close();
    };
  }

  /**
   * Lets no client do more than that.
   *
   * @param quota by Kafka's name, such as consumer_byte_rate
   */
  void limit(String quota, double bytesPerSecond) throws Exception {
    var everyone = new HashMap<String, @Nullable String>();
    everyone.put(ClientQuotaEntity.CLIENT_ID, null);
    var change =
        new ClientQuotaAlteration(
            new ClientQuotaEntity(everyone),
            List.of(new ClientQuotaAlteration.Op(quota, bytesPerSecond)));
    try (var admin = Admin.create(config.clientConfig())) {
      admin.alterClientQuotas(List.of(change)).all().get(20, TimeUnit.SECONDS);
    }
  }

  /** Leaves that part of the state's disk free. */
  void fillDisk(double free) throws IOException {
    var store = Files.getFileStore(disk);
    var filler = new byte[64 * 1024];
    try (var out = Files.newOutputStream(disk.resolve("filler-" + free))) {
      while (store.getUsableSpace() > free * store.getTotalSpace()) {
        out.write(filler);
      }
    }
  }

  @Override
  public void close() throws Exception {
    var closing = new ArrayList<AutoCloseable>(List.of(prometheus, client, kafka));
    if (worker != null) {
      closing.addFirst(worker);
    }
    if (registry != null) {
      closing.add(registry);
    }
    for (var each : closing) {
      each.close();
    }
    if (smallDisk) {
      Commands.succeeds("umount", "-l", disk.toString());
    }
  }
}
