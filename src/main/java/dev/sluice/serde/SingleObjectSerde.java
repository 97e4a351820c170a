package dev.sluice.serde;

import java.io.IOException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Avro's single-object encoding: two marker bytes, the schema's 64-bit fingerprint, Avro binary.
 * Reads every version in the {@link SchemaHistory} as the newest.
 *
 * @param <T> the generated record
 */
public final class SingleObjectSerde<T extends SpecificRecordBase> implements Serde<T> {
  private final BinaryMessageEncoder<T> encoder;
  private final BinaryMessageDecoder<T> decoder;

  /** A serde for one generated class. */
  public SingleObjectSerde(Class<T> type) {
    TrustedRecords.trust();
    var data = SpecificData.getForClass(type);
    var schema = data.getSchema(type);
    encoder = new BinaryMessageEncoder<>(data, schema);
    decoder = new BinaryMessageDecoder<>(data, schema);
    SchemaHistory.of(schema.getFullName()).forEach(decoder::addSchema);
  }

  @Override
  public Serializer<T> serializer() {
    return (topic, value) -> value == null ? null : encode(topic, value);
  }

  @Override
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> bytes == null ? null : decode(topic, bytes);
  }

  private byte[] encode(@Nullable String topic, T value) {
    try {
      var buffer = encoder.encode(value);
      var bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new SerializationException("cannot encode for " + topic, e);
    }
  }

  private T decode(@Nullable String topic, byte[] bytes) {
    try {
      return decoder.decode(bytes);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException("cannot decode from " + topic, e);
    }
  }
}
