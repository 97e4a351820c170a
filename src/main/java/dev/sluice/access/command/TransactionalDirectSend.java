package dev.sluice.access.command;

import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
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

  /**
   * The calling thread's producer has begun a transaction.
   *
   * @param producer takes a command into that transaction, or answers false where it has failed
   */
  void begun(Predicate<ProducerRecord<byte[], byte[]>> producer) {
    open.set(
        (key, command, headers, timestampMs) -> send(producer, key, command, headers, timestampMs));
  }

  private boolean send(
      Predicate<ProducerRecord<byte[], byte[]>> producer,
      byte[] key,
      SpecificRecord command,
      @Nullable Headers given,
      long timestampMs) {
    try {
      var headers = given == null ? new RecordHeaders() : new RecordHeaders(given);
      var value = serializer.serialize(topic, headers, command);
      return producer.test(new ProducerRecord<>(topic, null, timestampMs, key, value, headers));
    } catch (KafkaException e) {
      // Streams, given the same command, meets the same trouble and tells kinds of it apart.
      return false;
    }
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
