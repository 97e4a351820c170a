package dev.sluice.runtime;

import dev.sluice.access.Express;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Leads from a stream thread to its producer, while that has a transaction open. */
final class CommandExpress implements Express {
  private final String topic;
  private final Serializer<Object> serializer;
  private final ThreadLocal<@Nullable Lane> open = new ThreadLocal<>();

  /**
   * For the threads of one worker.
   *
   * @param topic the topic of commands
   * @param serializer the one that the commands' sink has too
   */
  CommandExpress(String topic, Serializer<Object> serializer) {
    this.topic = topic;
    this.serializer = serializer;
  }

  String topic() {
    return topic;
  }

  /** The calling thread's producer has begun a transaction. */
  void begun(SinkProducer producer) {
    open.set(
        (key, command, given, timestampMs) -> {
          try {
            var headers = given == null ? new RecordHeaders() : new RecordHeaders(given);
            var value = serializer.serialize(topic, headers, command);
            return producer.sendCommand(
                new ProducerRecord<>(topic, null, timestampMs, key, value, headers));
          } catch (KafkaException e) {
            // Streams, given the same command, meets the same trouble and tells kinds of it apart.
            return false;
          }
        });
  }

  /** The transaction ends. */
  void ended() {
    open.remove();
  }

  @Override
  public @Nullable Lane lane() {
    return open.get();
  }
}
