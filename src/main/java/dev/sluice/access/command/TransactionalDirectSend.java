package dev.sluice.access.command;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Leads from a stream thread to its producer, while that has a transaction open. */
public final class TransactionalDirectSend implements DirectSend {
  private final String topic;
  private final Serializer<Object> serializer;
  private final ThreadLocal<@Nullable Session> open = new ThreadLocal<>();

  /**
   * For the threads of one worker.
   *
   * @param topic the topic of commands
   * @param serializer the one that the commands' sink has too
   */
  public TransactionalDirectSend(String topic, Serializer<Object> serializer) {
    this.topic = topic;
    this.serializer = serializer;
  }

  String topic() {
    return topic;
  }

  /** The calling thread's producer has begun a transaction. */
  void begun(CommandProducer producer) {
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
  public @Nullable Session session() {
    return open.get();
  }
}
