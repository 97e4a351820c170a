package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * Reference for Kafka itself: one plain transactional producer on one thread, with the settings of
 * the worker's producers. It writes the bytes of real commands, decides and stores nothing, and
 * commits every commit interval, into a topic like access-commands.
 */
final class BareProducer implements AutoCloseable {
  /** Number of records between two reads of the clock. */
  private static final int CLOCK_EVERY = 64;

  private final SluiceConfig config;
  private final String topic;
  private final long commitNs;
  private final CommittedReader reader;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private long written;

  /**
   * Creates the topic and connects.
   *
   * @param like the topic to imitate
   */
  BareProducer(SluiceConfig config, String like) throws InterruptedException {
    this.config = config;
    topic = like + "-bare";
    commitNs = config.get(WorkerKeys.COMMIT_INTERVAL).toNanos();
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
   * Writes records as fast as possible while a reader reads them.
   *
   * <p>The reader processes each record like the reader of Sluice's commands.
   *
   * @return records per second, from sending the first record until the last one is readable
   */
  double rate(long count, int recordsOfUser, Sample sample) throws InterruptedException {
    return rate(count, recordsOfUser, sample, new Tally());
  }

  /** Writes records of all kinds as fast as possible while a reader reads them. */
  double rate(long count, RecordMix mix) throws InterruptedException {
    return rate(count, 1, mix, record -> {});
  }

  private double rate(
      long count, int recordsOfUser, Records records, Consumer<ConsumerRecord<byte[], byte[]>> each)
      throws InterruptedException {
    var began = System.nanoTime();
    var writing = thread.submit(() -> write(count, recordsOfUser, records));
    var ended = reader.read(count, each);
    await(writing);
    return count / ((ended - began) / 1e9);
  }

  private void write(long count, int recordsOfUser, Records records) {
    producer.beginTransaction();
    var commitAt = System.nanoTime() + commitNs;
    for (long i = 0; i < count; i++, written++) {
      send(records.key(written, i / recordsOfUser), records.value(written));
      if (i % CLOCK_EVERY == 0 && System.nanoTime() >= commitAt) {
        producer.commitTransaction();
        producer.beginTransaction();
        commitAt = System.nanoTime() + commitNs;
      }
    }
    producer.commitTransaction();
  }

  /**
   * Writes records at a steady pace while a reader reads them, with a commit every commit interval.
   *
   * @return time of each record from its due time until it is readable
   */
  long[] latencies(int count, long everyNs, Sample sample) throws InterruptedException {
    return latencies(count, everyNs, commitNs, sample);
  }

  /**
   * Writes records at a steady pace while a reader reads them, with a commit after each record.
   *
   * @param everyNs longer than a commit takes; otherwise the records wait for each other
   * @return time of each record from its due time until it is readable
   */
  long[] latenciesOfSingles(int count, long everyNs, Sample sample) throws InterruptedException {
    return latencies(count, everyNs, 0, sample);
  }

  private long[] latencies(int count, long everyNs, long commitEveryNs, Sample sample)
      throws InterruptedException {
    var stable = new StableOffsets(config, topic);
    var latencies = new Latencies(0, count, everyNs);
    try (stable) {
      var writing = thread.submit(() -> write(latencies, commitEveryNs, sample));
      while (latencies.open() > 0) {
        latencies.read(reader.poll());
      }
      await(writing);
    }
    return latencies.nanos(stable);
  }

  private void write(Latencies latencies, long commitEveryNs, Sample sample) {
    producer.beginTransaction();
    var commitAt = System.nanoTime() + commitEveryNs;
    for (int i = 0; i < latencies.count(); i++) {
      latencies.awaitDue(i);
      send(sample.key(i, i), sample.value(i));
      if (System.nanoTime() >= commitAt) {
        producer.commitTransaction();
        producer.beginTransaction();
        commitAt = System.nanoTime() + commitEveryNs;
      }
    }
    producer.commitTransaction();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the commit fails if a record failed
  private void send(byte[] key, byte @Nullable [] value) {
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
