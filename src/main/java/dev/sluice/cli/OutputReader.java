package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessDelivery;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.contract.Topics;
import dev.sluice.event.codec.EventReader;
import dev.sluice.event.codec.UserEventReader;
import dev.sluice.offsets.CommittedRecords;
import dev.sluice.serde.OutageClassifier;
import dev.sluice.topology.ContractSerdes;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads committed records of the worker's outputs or input, without a consumer group. For one
 * thread.
 */
public final class OutputReader implements AutoCloseable {

  /** Receives the records, each partition in order. */
  public interface Sink {
    void command(AccessCommand command);

    default void productStatus(ProductStatus status) {}

    default void requestStatus(RequestStatus status) {}

    default void result(AccessResult result) {}

    default void delivery(AccessDelivery delivery) {}

    /** Takes the key of a command that is not outstanding any more. */
    default void confirmed(String key) {}

    default void rejected(RejectedEvent rejected) {}

    default void input(InputEvent event) {}
  }

  private static final int FETCH_WAIT_MS = 50;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Deserializer<Object> deserializer;
  private final EventReader events;
  private final UserEventReader userEvents;
  private final Topics topics;
  private final Sink sink;

  /** Creates a reader of topics, from the beginning or from now on. */
  public OutputReader(SluiceConfig config, List<String> names, boolean fromBeginning, Sink sink) {
    this(config, names, Set.of(), fromBeginning, sink);
  }

  /**
   * Creates a reader of some partitions, from the beginning or from now on.
   *
   * @param only the partitions' numbers; empty for all
   * @throws UsageException if none of these partitions exists
   */
  OutputReader(
      SluiceConfig config,
      List<String> names,
      Set<Integer> only,
      boolean fromBeginning,
      Sink sink) {
    this.topics = new Topics(config.topicPrefix());
    this.sink = sink;
    var serdes = new ContractSerdes(config);
    deserializer = serdes.deserializer();
    events = new EventReader(serdes.eventDeserializer(), topics.productEvents());
    userEvents = new UserEventReader(serdes.eventDeserializer(), topics.userEvents());
    var wait = ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG;
    consumer =
        CommittedRecords.consumer(
            config, Map.of(wait, config.clientConfig().getOrDefault(wait, FETCH_WAIT_MS)));
    var all = CommittedRecords.assign(consumer, names);
    var partitions =
        all.stream().filter(p -> only.isEmpty() || only.contains(p.partition())).toList();
    if (partitions.size() < only.size()) {
      close();
      throw new UsageException(
          "--partition: %s has no such partition; it has %d, numbered from 0"
              .formatted(names.getFirst(), all.size()));
    }
    consumer.assign(partitions);
    if (fromBeginning) {
      consumer.seekToBeginning(partitions);
    } else {
      consumer.seekToEnd(partitions);
      // Read now, so that records between this and the first poll are not skipped.
      partitions.forEach(consumer::position);
    }
  }

  /** Passes on the records of one poll. */
  public void poll(Duration timeout) {
    for (var record : consumer.poll(timeout)) {
      pass(record);
    }
  }

  /** Passes on everything up to the current end. */
  public void drain() {
    var ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      poll(Duration.ofMillis(50));
    }
  }

  /** Passes on everything up to the current end, one partition after the other, from 0 on. */
  void drainInOrder() {
    var ends = consumer.endOffsets(consumer.assignment());
    var partitions =
        consumer.assignment().stream()
            .sorted(
                Comparator.comparing(TopicPartition::topic)
                    .thenComparing(TopicPartition::partition))
            .toList();
    consumer.pause(partitions);
    for (var partition : partitions) {
      consumer.resume(List.of(partition));
      while (consumer.position(partition) < ends.getOrDefault(partition, 0L)) {
        poll(Duration.ofMillis(50));
      }
      consumer.pause(List.of(partition));
    }
  }

  /** Interrupts a poll of another thread. */
  void wakeup() {
    consumer.wakeup();
  }

  private void pass(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(topics.rejectedEvents())) {
      sink.rejected(
          RejectedEvent.read(
              ofUsers(record.headers()) ? userEvents : events,
              record.key(),
              record.value(),
              record.headers(),
              record.timestamp()));
      return;
    }
    if (topics.isInput(record.topic())) {
      var ofUsers = record.topic().equals(topics.userEvents());
      sink.input(InputEvent.read(ofUsers ? userEvents : events, ofUsers, record));
      return;
    }
    if (record.value() == null) { // the key was removed
      if (record.topic().equals(topics.accessDelivery()) && record.key() != null) {
        sink.confirmed(new String(record.key(), UTF_8));
      }
      return;
    }
    switch (decoded(record)) {
      case AccessCommand command -> sink.command(command);
      case ProductStatus status -> sink.productStatus(status);
      case RequestStatus status -> sink.requestStatus(status);
      case AccessResult result -> sink.result(result);
      case AccessDelivery delivery -> sink.delivery(delivery);
      case Object other ->
          throw new IllegalStateException(
              "%s-%d@%d (key %s) is a %s"
                  .formatted(
                      record.topic(),
                      record.partition(),
                      record.offset(),
                      record.key() == null ? null : new String(record.key(), UTF_8),
                      other.getClass().getName()));
    }
  }

  /** Returns whether a rejected record is of user-events. */
  private boolean ofUsers(Headers headers) {
    var topic = headers.lastHeader(RejectionHeaders.TOPIC);
    return topic != null
        && topic.value() != null
        && new String(topic.value(), UTF_8).equals(topics.userEvents());
  }

  private Object decoded(ConsumerRecord<byte[], byte[]> record) {
    try {
      return deserializer.deserialize(record.topic(), record.headers(), record.value());
    } catch (RuntimeException e) {
      throw OutageClassifier.whileReading(e);
    }
  }

  @Override
  public void close() {
    consumer.close();
    deserializer.close();
    events.close();
    userEvents.close();
  }
}
