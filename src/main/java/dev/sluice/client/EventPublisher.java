package dev.sluice.client;

import dev.sluice.config.KafkaKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.Event;
import dev.sluice.failure.FailureHandler;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.operator.OperatorException;
import dev.sluice.rights.Right;
import dev.sluice.rights.RightNames;
import dev.sluice.text.Visible;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to product-events, as the API's producers do: many, in order, without waiting for
 * each. Stops at the first event that Kafka does not take, and drops pending ones, so that no later
 * event of a product is written without an earlier one. For one thread.
 */
public final class EventPublisher implements AutoCloseable {
  static final ByteArraySerializer BYTES = new ByteArraySerializer();

  private final SluiceConfig config;

  private final EventRecordEncoder records;
  private final Producer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
  private final AtomicLong confirmed = new AtomicLong();

  /** Sent events, from the first that Kafka has not confirmed. */
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();

  private long handedOver;

  /** Last event confirmed together with all events before it; null for none. */
  private @Nullable String upTo;

  /**
   * The first event that Kafka did not take.
   *
   * @param known whether it is certain that neither it nor a later event was written
   */
  private record Failure(String where, String topic, Exception why, boolean known) {}

  /** A sent event without a confirmation. */
  private static final class Pending {
    private final String where;
    private volatile boolean taken;

    private Pending(String where) {
      this.where = where;
    }
  }

  /** Creates a publisher that connects with the first event. */
  public EventPublisher(SluiceConfig config) {
    this(
        config,
        new EventRecordEncoder(config),
        new KafkaProducer<>(settings(config), BYTES, BYTES));
  }

  EventPublisher(
      SluiceConfig config, EventRecordEncoder records, Producer<byte[], byte[]> producer) {
    this.config = config;
    this.records = records;
    this.producer = producer;
  }

  /** Returns the configuration of a producer of events. */
  static Map<String, Object> settings(SluiceConfig config) {
    var settings = new HashMap<String, Object>(config.clientConfig());
    settings.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // With more, a newly started broker can accept a second request of an unknown producer before
    // the first: a product's events would be reordered.
    settings.putIfAbsent(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    // All events of a product go to the partition that the worker expects, whatever is passed
    // through.
    settings.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
    settings.remove(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG);
    if (EventPartitioner.named(config.get(KafkaKeys.EVENTS_PARTITIONER))
        == EventPartitioner.CRC32) {
      settings.put(ProducerConfig.PARTITIONER_CLASS_CONFIG, Crc32Partitioner.class.getName());
    }
    EventRecordEncoder.makeRoom(settings);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return settings;
  }

  /**
   * Sends one event.
   *
   * @throws RuntimeException if it, or an earlier one, cannot be written
   */
  public void send(Event event) {
    send(event, "event " + Visible.line(event.eventId()));
  }

  /**
   * Sends one event.
   *
   * @param where its name in messages, such as file and line
   * @throws RuntimeException if it, or an earlier one, cannot be written
   */
  public void send(Event event, String where) {
    failIfFailed();
    var record = record(event, where);
    forgetTaken();
    var sent = new Pending(where);
    pending.addLast(sent);
    handedOver++;
    var own = Thread.currentThread();
    try {
      producer.send(
          record,
          (metadata, exception) -> {
            if (exception == null) {
              sent.taken = true;
              confirmed.incrementAndGet();
              return;
            }
            var known = Thread.currentThread().equals(own);
            failure.compareAndSet(null, new Failure(where, record.topic(), exception, known));
            if (!known) {
              // Sent at once by this thread: later events must not be sent before a failure is
              // known.
              producer.close(Duration.ZERO);
            }
          });
    } catch (RuntimeException e) {
      failure.compareAndSet(null, new Failure(where, record.topic(), e, true));
    }
    failIfFailed();
  }

  private ProducerRecord<byte[], byte[]> record(Event event, String where) {
    try {
      return records.of(event, null);
    } catch (EventTooLargeException e) {
      throw new OperatorException(where + ": " + e.getMessage() + afterFlush(), e);
    } catch (KafkaException e) {
      throw new OperatorException(
          where + ": cannot be written as Avro: " + FailureHandler.messages(e) + afterFlush(), e);
    }
  }

  private void forgetTaken() {
    for (var first = pending.peekFirst();
        first != null && first.taken;
        first = pending.peekFirst()) {
      upTo = first.where;
      pending.removeFirst();
    }
  }

  /**
   * Waits until Kafka has all events.
   *
   * @throws RuntimeException if one could not be written
   */
  public void flush() {
    try {
      producer.flush();
    } catch (RuntimeException e) {
      failIfFailed();
      throw e;
    }
    failIfFailed();
  }

  private String lacked(String topic) {
    var right =
        topic.equals(new Topics(config.topicPrefix()).userEvents())
            ? Right.WRITE_USER_EVENTS
            : Right.WRITE_EVENTS;
    return right.lacked(RightNames.of(config, ""), config.bootstrapServers(), List.of());
  }

  private void failIfFailed() {
    var first = failure.get();
    if (first != null) {
      if (first.known && !pending.isEmpty() && pending.getLast().where.equals(first.where)) {
        pending.removeLast();
        handedOver--;
      }
      throw new OperatorException(
          "%s: cannot write to topic %s: %s%s%s"
              .formatted(
                  first.where,
                  first.topic,
                  FailureHandler.messages(first.why),
                  first.why instanceof AuthorizationException ? "; " + lacked(first.topic) : "",
                  first.known ? afterFlush() : after()),
          first.why);
    }
  }

  /** Returns the result of the events after pending ones have completed. */
  private String afterFlush() {
    producer.flush();
    return after();
  }

  private String after() {
    forgetTaken();
    var count = confirmed.get();
    if (count == handedOver) {
      return count == 0
          ? "; nothing was written"
          : "; the %,d events before it are written".formatted(count);
    }
    return "; Kafka has confirmed %,d events%s, the result of %s is unknown: publish all of them again, which"
            .formatted(
                count,
                upTo == null ? "" : ", among them all up to " + upTo,
                handedOver - count == 1 ? "one" : "%,d more".formatted(handedOver - count))
        + " is harmless if they have a sequence";
  }

  @Override
  public void close() {
    if (failure.get() == null) {
      producer.close();
    } else {
      producer.close(Duration.ZERO);
    }
    records.close();
  }
}
