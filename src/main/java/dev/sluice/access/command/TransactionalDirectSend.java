package dev.sluice.access.command;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Connects a stream thread with its producer while the producer has a transaction open. */
public final class TransactionalDirectSend implements DirectSend {
  private final String topic;
  private final Serializer<Object> serializer;
  private final ThreadLocal<@Nullable Session> open = new ThreadLocal<>();

  /**
   * Creates the instance for the threads of one worker.
   *
   * @param topic the topic of commands
   * @param serializer the serializer of the commands' sink
   */
  public TransactionalDirectSend(String topic, Serializer<Object> serializer) {
    this.topic = topic;
    this.serializer = serializer;
  }

  String topic() {
    return topic;
  }

  /** Called after the calling thread's producer began a transaction. */
  void begun(CommandProducer producer) {
    open.set(
        (key, command, given, timestampMs) -> {
          try {
            var headers = given == null ? new RecordHeaders() : new RecordHeaders(given);
            var value = serializer.serialize(topic, headers, command);
            return producer.sendCommand(
                new ProducerRecord<>(topic, null, timestampMs, key, value, headers));
          } catch (KafkaException e) {
            // Streams gets the same command next, meets the same failure and classifies it.
            return false;
          }
        });
  }

  /** Called when the transaction ends. */
  void ended() {
    open.remove();
  }

  @Override
  public @Nullable Session session() {
    return open.get();
  }
}
