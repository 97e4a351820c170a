package dev.sluice.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.SluiceConfig;
import dev.sluice.event.EventAvro;
import dev.sluice.event.ProductEvent;
import dev.sluice.rights.Names;
import dev.sluice.rights.Right;
import dev.sluice.topology.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes events to product-events, as the API's producers do. For one thread. */
public final class EventPublisher implements AutoCloseable {
  static final ByteArraySerializer BYTES = new ByteArraySerializer();

  private final String topic;

  /** What is so where it may not write. */
  private final String lacked;

  private final Serializer<Object> serializer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /** Connects when the first event is sent. */
  public EventPublisher(SluiceConfig config) {
    topic = new Topics(config.topicPrefix()).productEvents();
    lacked = Right.WRITE_EVENTS.lacked(Names.of(config, ""), config.bootstrapServers(), List.of());
    serializer = new ContractSerdes(config).serializer();
    producer = new KafkaProducer<>(settings(config), BYTES, BYTES);
  }

  /** What a producer of events is configured with. */
  static Map<String, Object> settings(SluiceConfig config) {
    var settings = new HashMap<String, Object>(config.clientConfig());
    settings.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // With more, a broker that has just been started can take a second request of a producer that
    // it
    // does not know yet before it takes the first: a product's events would change places.
    settings.putIfAbsent(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    EventRecords.makeRoom(settings);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return settings;
  }

  /**
   * Hands over one event.
   *
   * @throws RuntimeException when it, or one before it, cannot be written
   */
  public void send(ProductEvent event) {
    send(event.productId().getBytes(UTF_8), serializer.serialize(topic, EventAvro.toAvro(event)));
  }

  private void send(byte[] key, byte[] value) {
    failIfFailed();
    producer.send(
        new ProducerRecord<>(topic, key, value),
        (metadata, exception) -> {
          if (exception != null) {
            failure.compareAndSet(null, exception);
          }
        });
  }

  /**
   * Waits until Kafka has all events.
   *
   * @throws RuntimeException when one could not be written
   */
  public void flush() {
    producer.flush();
    failIfFailed();
  }

  private void failIfFailed() {
    var exception = failure.get();
    if (exception != null) {
      throw new StartException(
          "cannot write to topic "
              + topic
              + ": "
              + Trouble.messages(exception)
              + (exception instanceof AuthorizationException ? "; " + lacked : ""),
          exception);
    }
  }

  @Override
  public void close() {
    producer.close();
    serializer.close();
  }
}
