package dev.sluice.dev.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.DeliveryOutcome;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.topology.ContractSerdes;
import dev.sluice.worker.Delivery;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Measures delivery: how many commands a second become outstanding, how many results a second
 * confirm them, the disk space of what is outstanding, and a start without local state.
 */
public final class Delivering {
  private static final Duration START_MAX = Duration.ofMinutes(30);
  private static final String TYPE = "Snowflake";
  private static final int LINGER_MS = 20;
  private static final int COMMANDS = 0;
  private static final int RESULTS = 1;
  private static final int BARE = 2;

  private final Bench bench;
  private final int pairs;
  private final SluiceConfig config;
  private final Topics topics;

  /** Rates by kind of work and round. */
  private final double[][] rates;

  /**
   * Creates the measurement.
   *
   * @param pairs number of users with one outstanding command each
   */
  public Delivering(Bench bench, int pairs) {
    this.bench = bench;
    this.pairs = pairs;
    // Otherwise commands would become overdue in a long round, which are further records.
    var never = Long.toString(Duration.ofDays(1).toMillis());
    config =
        bench.config(
            "delivery",
            Map.of("delivery.grant.deadline.ms", never, "delivery.revoke.deadline.ms", never));
    topics = new Topics(config.topicPrefix());
    rates = new double[3][bench.rounds()];
  }

  /** Measures commands and results alternately, after a warm-up of both. */
  public List<Measurement> sluice() throws InterruptedException {
    var more = new LinkedHashMap<String, Object>();
    var sample = new Sample();
    start().close(); // creates the topics
    try (var producer = producer();
        var bare = new BareProducer(config, topics.accessDelivery())) {
      for (int round = 0; round <= bench.rounds(); round++) {
        var revision = round + 1L;
        try (var delivery = start();
            var reader =
                CommittedReader.atEnd(config, topics.accessDelivery(), delivery::failIfEnded)) {
          delivery.awaitRunning(START_MAX);
          var commands = rate(producer, reader, topics.accessCommands(), n -> command(n, revision));
          keep(round, COMMANDS, commands);
          if (round == 0) {
            try (var begun =
                CommittedReader.atBeginning(config, List.of(topics.accessDelivery()))) {
              begun.drain(sample);
            }
          }
          keep(round, BARE, bare.rate(pairs, 1, sample));
        }
        if (round == bench.rounds()) {
          more.put("restoreSeconds", restore());
          more.put("stateBytes", stateBytes());
        }
        try (var delivery = start();
            var reader =
                CommittedReader.atEnd(config, topics.accessDelivery(), delivery::failIfEnded)) {
          delivery.awaitRunning(START_MAX);
          keep(
              round,
              RESULTS,
              rate(producer, reader, topics.accessResults(), n -> result(n, revision)));
        }
        say(round);
      }
    }
    more.put("deliveryBytesMean", sample.bytesMean());
    return List.of(
        measurement("delivery-commands", COMMANDS, more),
        measurement("delivery-results", RESULTS, more));
  }

  private void keep(int round, int kind, double rate) {
    if (round > 0) { // the first is the warm-up
      rates[kind][round - 1] = rate;
    }
  }

  private void say(int round) {
    if (round > 0) {
      bench
          .progress()
          .say(
              "delivery, round %d of %d: %,.0f commands/s, %,.0f results/s; bare %,.0f records/s"
                  .formatted(
                      round,
                      bench.rounds(),
                      rates[COMMANDS][round - 1],
                      rates[RESULTS][round - 1],
                      rates[BARE][round - 1]));
    }
  }

  private Measurement measurement(String name, int kind, Map<String, Object> more) {
    var ratios = new double[bench.rounds()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = rates[kind][i] / rates[BARE][i];
    }
    return new Measurement(
        name,
        Measurement.SLUICE,
        pairs,
        1,
        bench.rounds(),
        kind == COMMANDS ? "commands/s" : "results/s",
        Figures.ofRounds(rates[BARE]),
        Figures.ofRounds(rates[kind]),
        Figures.ofRounds(ratios),
        more);
  }

  private Delivery start() {
    return Delivery.start(config, Delivery.Listeners.NONE);
  }

  private KafkaProducer<byte[], byte[]> producer() {
    var settings = config.clientConfig();
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Writes a record for each pair, and returns how many a second were read, counted until the last
   * record that delivery wrote about them could be read.
   */
  private double rate(
      KafkaProducer<byte[], byte[]> producer,
      CommittedReader reader,
      String topic,
      LongFunction<SpecificRecord> record)
      throws InterruptedException {
    var began = System.nanoTime();
    var writing =
        Thread.ofPlatform().name("bench-writer").start(() -> write(producer, topic, record));
    var ended = reader.read(pairs, each -> {});
    writing.join();
    return pairs / ((ended - began) / 1e9);
  }

  private void write(
      KafkaProducer<byte[], byte[]> producer, String topic, LongFunction<SpecificRecord> record) {
    try (var serializer = new ContractSerdes(config).serializer()) {
      for (long n = 0; n < pairs; n++) {
        producer.send(
            new ProducerRecord<>(
                topic,
                (Names.user(n) + "|" + TYPE + "|" + Names.source(0)).getBytes(UTF_8),
                serializer.serialize(topic, record.apply(n))));
      }
      producer.flush();
    }
  }

  private static SpecificRecord command(long pair, long revision) {
    return AccessCommand.newBuilder()
        .setAction(AccessAction.GRANT)
        .setUserId(Names.user(pair))
        .setSourceType(TYPE)
        .setSourceId(Names.source(0))
        .setProductId("product-1")
        .setReason(CommandReason.ACCESS_APPROVED)
        .setCauseEventId("event-1")
        .setRevision(revision)
        .setOccurredAt(Instant.EPOCH)
        .build();
  }

  private static SpecificRecord result(long pair, long revision) {
    return AccessResult.newBuilder()
        .setUserId(Names.user(pair))
        .setSourceType(TYPE)
        .setSourceId(Names.source(0))
        .setAction(AccessAction.GRANT)
        .setRevision(revision)
        .setOutcome(DeliveryOutcome.APPLIED)
        .setAt(Instant.now())
        .setExecutor("bench")
        .build();
  }

  /** Returns the seconds from the start to running, without local state. */
  private double restore() throws InterruptedException {
    try {
      Utils.delete(config.forDelivery().dataDir().toFile());
    } catch (IOException e) {
      throw new BenchException("cannot remove delivery's state: " + e, e);
    }
    var began = System.nanoTime();
    try (var delivery = start()) {
      delivery.awaitRunning(START_MAX);
      return (System.nanoTime() - began) / 1e9;
    }
  }

  private long stateBytes() {
    try (var files = Files.walk(config.forDelivery().dataDir())) {
      return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
    } catch (IOException e) {
      throw new BenchException("cannot read delivery's state: " + e, e);
    }
  }
}
