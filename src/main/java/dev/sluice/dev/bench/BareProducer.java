package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What Kafka itself can do: one plain transactional producer, with the very settings of the
 * worker's producers, on one thread. It writes real commands' bytes, decides nothing, keeps
 * nothing, and commits every commit interval, into a topic just like access-commands.
 */
final class BareProducer implements AutoCloseable {
  /** How often the clock is looked at, in records. */
  private static final int CLOCK_EVERY = 64;

  private final SluiceConfig config;
  private final String topic;
  private final long commitNs;
  private final CommittedReader reader;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private long written;

  /**
   * Makes the topic and connects.
   *
   * @param like the topic whose twin is written
   */
  BareProducer(SluiceConfig config, String like) throws InterruptedException {
    this.config = config;
    topic = like + "-bare";
    commitNs = config.commitInterval().toNanos();
    try (var admin = Admin.create(config.clientConfig())) {
      TwinTopic.create(admin, like, topic);
    }
    reader = CommittedReader.atEnd(config, topic, () -> {});
    var settings = new StreamsConfig(config.streamsConfig()).getProducerConfigs(topic);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topic);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
  }

  /**
   * Writes so many records as fast as it can while a reader reads them.
   *
   * <p>Its reader looks at each record as the one of Sluice's commands does.
   *
   * @return records per second, from the first record's sending to the last one's being readable
   */
  double rate(long count, int recordsOfUser, Sample sample) throws InterruptedException {
    var began = System.nanoTime();
    var writing = thread.submit(() -> write(count, recordsOfUser, sample));
    var ended = reader.read(count, new Tally());
    await(writing);
    return count / ((ended - began) / 1e9);
  }

  private void write(long count, int recordsOfUser, Sample sample) {
    producer.beginTransaction();
    var commitAt = System.nanoTime() + commitNs;
    for (long i = 0; i < count; i++, written++) {
      send(sample.key(written, i / recordsOfUser), sample.value(written));
      if (i % CLOCK_EVERY == 0 && System.nanoTime() >= commitAt) {
        producer.commitTransaction();
        producer.beginTransaction();
        commitAt = System.nanoTime() + commitNs;
      }
    }
    producer.commitTransaction();
  }

  /**
   * Writes records at a steady pace while a reader reads them.
   *
   * @return how long each took from when it was due to its being readable
   */
  long[] latencies(int count, long everyNs, Sample sample) throws InterruptedException {
    var stable = new StableOffsets(config, topic);
    var latencies = new Latencies(0, count, everyNs);
    try (stable) {
      var writing = thread.submit(() -> write(latencies, sample));
      while (latencies.open() > 0) {
        latencies.read(reader.poll());
      }
      await(writing);
    }
    return latencies.nanos(stable);
  }

  private void write(Latencies latencies, Sample sample) {
    producer.beginTransaction();
    var commitAt = System.nanoTime() + commitNs;
    for (int i = 0; i < latencies.count(); i++) {
      latencies.awaitDue(i);
      send(sample.key(i, i), sample.value(i));
      if (System.nanoTime() >= commitAt) {
        producer.commitTransaction();
        producer.beginTransaction();
        commitAt = System.nanoTime() + commitNs;
      }
    }
    producer.commitTransaction();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the commit fails if a record did
  private void send(byte[] key, byte[] value) {
    producer.send(new ProducerRecord<>(topic, key, value));
  }

  private static void await(Future<?> work) throws InterruptedException {
    try {
      work.get();
    } catch (ExecutionException e) {
      throw new BenchException("the bare producer failed: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    producer.close();
    reader.close();
  }
}
