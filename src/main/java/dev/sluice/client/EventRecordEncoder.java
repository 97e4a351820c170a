package dev.sluice.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.EventHeaders;
import dev.sluice.contract.Topics;
import dev.sluice.event.Elements;
import dev.sluice.event.Event;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.limits.SizeLimits;
import dev.sluice.serde.OutageClassifier;
import dev.sluice.text.Cut;
import dev.sluice.topology.ContractSerdes;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Converts events to records of product-events and user-events; the only place that chooses key,
 * value, headers and partition for other producers' events. For one thread.
 */
final class EventRecordEncoder implements AutoCloseable {

  /** Maximum length of a name in that header, in characters. */
  private static final int PUBLISHER_MAX = 256;

  private final Topics topics;
  private final Serializer<Object> serializer;

  EventRecordEncoder(SluiceConfig config) {
    this(new Topics(config.topicPrefix()), new ContractSerdes(config).serializer());
  }

  EventRecordEncoder(Topics topics, Serializer<Object> serializer) {
    this.topics = topics;
    this.serializer = serializer;
  }

  /** Permits a producer to send the largest valid event. The broker may still refuse it. */
  static void makeRoom(Map<String, Object> settings) {
    settings.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, SizeLimits.EVENT_PUBLISHED);
  }

  /**
   * Returns the record of one event.
   *
   * @param publisher the sender, for the header {@link EventHeaders#PUBLISHER}; null for no header
   * @throws EventTooLargeException if the worker would not read it
   * @throws RuntimeException if it cannot be written as Avro, or the registry does not answer
   */
  ProducerRecord<byte[], byte[]> of(Event event, @Nullable String publisher) {
    var elements = elementsProblem(event);
    if (elements != null) {
      throw new EventTooLargeException(elements);
    }
    var key = event.key().getBytes(UTF_8);
    var topic =
        switch (event) {
          case ProductEvent e -> topics.productEvents();
          case UserEvent e -> topics.userEvents();
        };
    var value = encoded(topic, event);
    var problem = sizeProblem(key.length, value.length);
    if (problem != null) {
      throw new EventTooLargeException(problem);
    }
    var headers = new RecordHeaders();
    if (publisher != null) {
      headers.add(EventHeaders.PUBLISHER, Cut.to(publisher, PUBLISHER_MAX).getBytes(UTF_8));
    }
    // No partition: the producer's partitioner chooses it by the key.
    return new ProducerRecord<>(topic, null, key, value, headers);
  }

  private byte[] encoded(String topic, Event event) {
    try {
      return serializer.serialize(topic, EventAvro.toAvro(event));
    } catch (RuntimeException e) {
      throw OutageClassifier.whileWriting(e);
    }
  }

  /**
   * Returns a problem of an event's size, as far as it is known without a registry; null if there
   * is none.
   */
  static @Nullable String sizeProblem(Event event) {
    var elements = elementsProblem(event);
    if (elements != null) {
      return elements;
    }
    return sizeProblem(event.key().getBytes(UTF_8).length, EventAvro.encodedBytes(event));
  }

  private static @Nullable String elementsProblem(Event event) {
    var problem = event instanceof ProductEvent e ? Elements.problem(e.payload()) : null;
    return problem == null ? null : problem + "; split the product into several";
  }

  private static @Nullable String sizeProblem(int keyBytes, int valueBytes) {
    if (valueBytes > SizeLimits.EVENT) {
      return String.format(
          Locale.ROOT,
          "the event has %,d bytes when encoded, the maximum is %,d; shorten its texts,"
              + " or send fewer data sources",
          valueBytes,
          SizeLimits.EVENT);
    }
    return keyBytes > SizeLimits.EVENT_KEY
        ? String.format(
            Locale.ROOT,
            "the key has %,d bytes, the maximum is %,d",
            keyBytes,
            SizeLimits.EVENT_KEY)
        : null;
  }

  @Override
  public void close() {
    serializer.close();
  }
}
