package dev.sluice.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.SluiceConfig;
import dev.sluice.event.EventAvro;
import dev.sluice.event.ProductEvent;
import dev.sluice.topology.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Takes events of others and writes them to product-events. For any thread. */
public final class EventIntake implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private static final int BLOCK_MS = 10_000;
  private static final int DELIVERY_MS = 30_000;

  private final String topic;
  private final SluiceConfig config;
  private @Nullable Serializer<Object> serializer;
  private @Nullable Producer<byte[], byte[]> producer;

  /** Where an event was written. */
  public record Place(String eventId, int partition, long offset) {}

  /** Events were not written, or not all. */
  public static final class NotWrittenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private NotWrittenException(int written, Throwable cause) {
      super(
          "Kafka has taken the first %d events and no more (%s)"
              .formatted(written, Trouble.messages(cause)),
          cause);
    }
  }

  /** Connects when the first event comes. */
  public EventIntake(SluiceConfig config) {
    this.config = config;
    topic = new Topics(config.topicPrefix()).productEvents();
  }

  /**
   * Writes events in order; those of one call stay together within a partition.
   *
   * @return where each is, when Kafka has them all
   * @throws NotWrittenException when Kafka has not
   */
  public List<Place> write(List<ProductEvent> events) {
    var sent = send(events);
    var places = new ArrayList<Place>();
    for (int i = 0; i < events.size(); i++) {
      try {
        var at = sent.get(i).get();
        places.add(new Place(events.get(i).eventId(), at.partition(), at.offset()));
      } catch (ExecutionException e) {
        throw new NotWrittenException(i, e.getCause() == null ? e : e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new NotWrittenException(i, e);
      }
    }
    return places;
  }

  private synchronized List<Future<RecordMetadata>> send(List<ProductEvent> events) {
    var sent = new ArrayList<Future<RecordMetadata>>();
    try {
      var encoded = events.stream().map(this::record).toList();
      for (var record : encoded) {
        sent.add(producer().send(record));
      }
    } catch (RuntimeException e) {
      throw new NotWrittenException(0, e);
    }
    return sent;
  }

  private ProducerRecord<byte[], byte[]> record(ProductEvent event) {
    var to = serializer;
    if (to == null) {
      to = new ContractSerdes(config).serializer();
      serializer = to;
    }
    return new ProducerRecord<>(
        topic, event.productId().getBytes(UTF_8), to.serialize(topic, EventAvro.toAvro(event)));
  }

  private Producer<byte[], byte[]> producer() {
    var known = producer;
    if (known == null) {
      var settings = EventPublisher.settings(config);
      // Somebody waits for the answer.
      settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MS);
      settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MS);
      settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MS);
      known = new KafkaProducer<>(settings, EventPublisher.BYTES, EventPublisher.BYTES);
      producer = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close(CLOSE_TIMEOUT);
    }
    if (serializer != null) {
      serializer.close();
    }
  }
}
