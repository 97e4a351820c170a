package dev.sluice.serde;

import dev.sluice.contract.TrustedRecords;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
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
 * Reads every version in the {@link SchemaHistory} as the newest. Thread-safe.
 *
 * @param <T> the generated record
 */
public final class SingleObjectSerde<T extends SpecificRecordBase> implements Serde<T> {
  private static final byte MARKER_0 = (byte) 0xC3;
  private static final byte MARKER_1 = 0x01;
  private static final int HEADER_BYTES = 2 + Long.BYTES;

  /** Decoders are not thread-safe, and threads of queries read stores too. */
  private static final ThreadLocal<@Nullable BinaryDecoder> DECODERS = new ThreadLocal<>();

  private final BinaryMessageEncoder<T> encoder;

  /** Readers by the fingerprint of the writer's schema. */
  private final Map<Long, DatumReader<T>> readers = new HashMap<>();

  /** Creates a serde for one generated class. */
  public SingleObjectSerde(Class<T> type) {
    TrustedRecords.trust();
    var data = SpecificData.getForClass(type);
    var schema = data.getSchema(type);
    encoder = new BinaryMessageEncoder<>(data, schema);
    SchemaHistory.of(schema.getFullName()).forEach(written -> add(data, written, schema));
    add(data, schema, schema);
  }

  @SuppressWarnings("unchecked")
  private void add(SpecificData data, Schema written, Schema read) {
    readers.put(
        SchemaNormalization.parsingFingerprint64(written),
        (DatumReader<T>) data.createDatumReader(written, read));
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
      return read(bytes);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException("cannot decode from " + topic, e);
    }
  }

  /**
   * Reads to the end. The decoder is over an array, so Avro checks each claimed length against the
   * remaining bytes before it allocates. Over a stream it would not.
   */
  private T read(byte[] bytes) throws IOException {
    if (bytes.length < HEADER_BYTES || bytes[0] != MARKER_0 || bytes[1] != MARKER_1) {
      throw new IOException(
          "%d bytes do not start with the header of Avro's single-object encoding"
              .formatted(bytes.length));
    }
    var fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    var reader = readers.get(fingerprint);
    if (reader == null) {
      throw new IOException(
          "no version of the schema has the fingerprint %016x: possibly written by a newer version"
              .formatted(fingerprint));
    }
    var decoder =
        DecoderFactory.get()
            .binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, DECODERS.get());
    DECODERS.set(decoder);
    var value = reader.read(null, decoder);
    if (!decoder.isEnd()) {
      throw new IOException("bytes are left after the record");
    }
    return value;
  }
}
