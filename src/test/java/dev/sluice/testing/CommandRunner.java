package dev.sluice.testing;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessResult;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.offsets.CommittedRecords;
import dev.sluice.topology.ContractSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Answers each committed command with the result that a test gives it, from the beginning on. */
public final class CommandRunner implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  private final SluiceConfig config;
  private final Topics topics;
  private final Function<AccessCommand, @Nullable AccessResult> results;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Map<String, AccessCommand> newest = new HashMap<>();
  private final Thread thread;
  private volatile boolean stopping;

  /**
   * Starts.
   *
   * @param results returns the result of a command; null for none
   */
  public CommandRunner(
      SluiceConfig config, Function<AccessCommand, @Nullable AccessResult> results) {
    this.config = config;
    this.topics = new Topics(config.topicPrefix());
    this.results = results;
    thread = Thread.ofPlatform().name("command-runner").start(this::run);
  }

  private void run() {
    var serdes = new ContractSerdes(config);
    try (var consumer = CommittedRecords.consumer(config);
        var producer = producer();
        var serializer = serdes.serializer();
        var deserializer = serdes.deserializer()) {
      var partitions =
          consumer.partitionsFor(topics.accessCommands()).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!stopping) {
        for (var record : consumer.poll(POLL)) {
          var command =
              (AccessCommand)
                  Objects.requireNonNull(deserializer.deserialize(record.topic(), record.value()));
          synchronized (newest) {
            newest.put(key(command), command);
          }
          var result = results.apply(command);
          if (result != null) {
            producer.send(
                new ProducerRecord<>(
                    topics.accessResults(),
                    record.partition(),
                    record.key(),
                    serializer.serialize(topics.accessResults(), result)));
          }
        }
      }
    } catch (RuntimeException e) {
      failure.set(e);
    }
  }

  private KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        config.clientConfig(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Returns the key of a command. */
  public static String key(AccessCommand command) {
    return String.join("|", command.getUserId(), command.getSourceType(), command.getSourceId());
  }

  /** Returns the newest commands that it has read, by key. */
  public Map<String, AccessCommand> newest() {
    failIfEnded();
    synchronized (newest) {
      return Map.copyOf(newest);
    }
  }

  /** Does nothing while it runs. */
  public void failIfEnded() {
    var failed = failure.get();
    if (failed != null) {
      throw new AssertionError("the command runner failed", failed);
    }
  }

  /** Returns the keys of those newest commands. */
  public List<String> keys() {
    return newest().keySet().stream().sorted().toList();
  }

  @Override
  public void close() throws InterruptedException {
    stopping = true;
    thread.join();
    failIfEnded();
  }
}
