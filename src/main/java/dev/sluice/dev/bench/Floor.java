package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Reference for Kafka Streams itself: {@link FloorTopology} under the load of a measurement. It has
 * the worker's guarantee, threads, partitions, commit interval and producer settings.
 */
final class Floor implements AutoCloseable {
  private static final Duration START_MAX = Duration.ofSeconds(60);

  private final SluiceConfig config;
  private final String inputs;
  private final String outputs;
  private final StartedStreams streams;
  private final CommittedReader reader;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  /** Inputs per second, and the CPU time of one round. */
  record Rate(double inputs, CpuTime cpu) {}

  private Floor(SluiceConfig config, StartedStreams streams) {
    this.config = config;
    this.streams = streams;
    var topics = new Topics(config.topicPrefix());
    inputs = topics.productEvents();
    outputs = topics.accessCommands();
    reader = CommittedReader.atEnd(config, outputs, streams::failIfEnded);
    Map<String, Object> settings = new HashMap<>(config.clientConfig());
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Creates the topics and starts.
   *
   * @param config with another application.id and topic prefix than the measured worker's
   */
  static Floor start(SluiceConfig config) throws InterruptedException {
    var streams =
        StartedStreams.start(
            "the topology without work", FloorTopology.of(config), config, START_MAX);
    return new Floor(config, streams);
  }

  /**
   * Sends inputs as fast as possible while a reader reads their outputs.
   *
   * @param outputsOf number of outputs of each input
   * @return from sending the first input until the last output is readable
   * @throws BenchException if more outputs come
   */
  Rate rate(int[] outputsOf, Sample sample) throws InterruptedException {
    var expected = Arrays.stream(outputsOf).asLongStream().sum();
    var cpuBefore = CpuTime.now(config.applicationId());
    var began = System.nanoTime();
    var sending =
        thread.submit(
            () -> {
              for (int i = 0; i < outputsOf.length; i++) {
                send(i, outputsOf[i], sample);
              }
              producer.flush();
            });
    var ended = reader.read(expected, record -> {});
    var cpu = CpuTime.now(config.applicationId()).since(cpuBefore);
    await(sending);
    if (reader.drain(record -> {}) > 0) {
      throw new BenchException("the topology without work wrote more than its inputs ask for");
    }
    return new Rate(outputsOf.length / ((ended - began) / 1e9), cpu);
  }

  /**
   * Sends inputs of one output each, at a steady pace.
   *
   * @return time of each input from its due time until its output is readable
   */
  long[] latencies(int count, long everyNs, Sample sample) throws InterruptedException {
    var stable = new StableOffsets(config, outputs);
    var latencies = new Latencies(0, count, everyNs);
    try (stable) {
      var sending =
          thread.submit(
              () -> {
                for (int i = 0; i < latencies.count(); i++) {
                  latencies.awaitDue(i);
                  send(i, 1, sample);
                }
              });
      while (latencies.open() > 0) {
        latencies.read(reader.poll());
      }
      await(sending);
    }
    return latencies.nanos(stable);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // without the record, its output never comes
  private void send(int user, int outputsOf, Sample sample) {
    producer.send(
        new ProducerRecord<>(
            inputs, sample.key(user, user), FloorTopology.input(outputsOf, sample.value(user))));
  }

  private static void await(Future<?> sending) throws InterruptedException {
    try {
      sending.get();
    } catch (ExecutionException e) {
      throw new BenchException("the inputs could not be sent: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    producer.close();
    reader.close();
    streams.close();
  }
}
