package dev.sluice.registry;

import dev.sluice.contract.TrustedRecords;
import dev.sluice.limits.LruMap;
import dev.sluice.serde.WriterSchemaDeserializer;
import dev.sluice.text.DecodingFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of {@link ConfluentAvroSerializer} and Confluent's serializers.
 *
 * <p>Uses {@link RegistryConfig}'s keys. With {@code specific.avro.reader}, true by default
 * (Confluent's default is false), a record is resolved to the schema of the generated class that
 * has its full name. Otherwise the result is a {@link org.apache.avro.generic.GenericRecord}; also
 * if there is no such class, or if Avro's {@link org.apache.avro.util.ClassSecurityValidator} does
 * not trust the class. The project's own classes are trusted.
 *
 * <p>For use by one thread at a time.
 */
public final class ConfluentAvroDeserializer
    implements Deserializer<Object>, WriterSchemaDeserializer {
  static {
    TrustedRecords.trust();
  }

  /** The reader for the records of one schema, and its weight. */
  private record Known(DatumReader<Object> reader, int weight) {}

  private final LruMap<Integer, Known> readers =
      new LruMap<>(LookupCache.ENTRIES_MAX, LookupCache.WEIGHT_MAX, Known::weight);
  private @Nullable Function<Schema, DatumReader<Object>> maker;
  private @Nullable BinaryDecoder decoder;
  private @Nullable SchemaRegistry registry;
  private boolean specific = true;

  /**
   * Prepares for use; makes no request yet.
   *
   * @throws ConfigException if the configuration is not usable
   */
  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    RegistryConfig config = new RegistryConfig(configs);
    this.specific = config.getBoolean(RegistryConfig.SPECIFIC_READER);
    close();
    this.registry = SchemaRegistries.from(config);
  }

  @Override
  public void readWith(Function<Schema, DatumReader<Object>> maker) {
    readers.clear();
    this.maker = maker;
  }

  /**
   * Returns the record of a payload; null for null.
   *
   * @throws RegistryUnavailableException if the registry was unavailable; the payload may be good
   * @throws SerializationException if the payload can never be read
   */
  @Override
  public @Nullable Object deserialize(String topic, byte @Nullable [] payload) {
    if (payload == null) {
      return null;
    }
    int header = ConfluentAvroSerializer.HEADER_BYTES;
    if (payload.length < header) {
      throw new SerializationException(
          "A payload of topic %s has %d bytes: too short for the %d before the record"
              .formatted(topic, payload.length, header));
    }
    if (payload[0] != ConfluentAvroSerializer.MAGIC) {
      throw new SerializationException(
          "A payload of topic %s starts with byte %d, not 0: it is not in Confluent's format"
              .formatted(topic, payload[0]));
    }
    int id = ByteBuffer.wrap(payload, 1, Integer.BYTES).getInt();
    if (id < 0) {
      throw new SerializationException(
          "A payload of topic %s names the schema id %d, which is negative".formatted(topic, id));
    }
    Known known = readers.get(id);
    if (known == null) {
      known = known(topic, id);
      readers.put(id, known);
    }
    try {
      return read(known.reader(), payload, header);
    } catch (IOException | RuntimeException e) {
      throw malformed(topic, id, e);
    } catch (StackOverflowError e) {
      // The reader may be in an inconsistent state.
      readers.remove(id);
      throw malformed(topic, id, e);
    }
  }

  /**
   * Reads to the payload's end. The decoder is over an array, so Avro checks each claimed length
   * against the remaining bytes before it allocates.
   */
  private Object read(DatumReader<Object> reader, byte[] payload, int header) throws IOException {
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(payload, header, payload.length - header, this.decoder);
    this.decoder = decoder;
    Object record = reader.read(null, decoder);
    if (!decoder.isEnd()) {
      throw new IOException("bytes are left after the record");
    }
    return record;
  }

  private static SerializationException malformed(String topic, int id, Throwable cause) {
    String reason = DecodingFault.message(cause);
    return new SerializationException(
        "A payload of topic %s is not a record of schema %d: %s"
            .formatted(topic, id, reason == null ? "it cannot be decoded" : reason),
        cause);
  }

  private Known known(String topic, int id) {
    try {
      return known(id);
    } catch (StackOverflowError e) {
      throw malformed(topic, id, e);
    }
  }

  private Known known(int id) {
    SchemaRegistry registry = this.registry;
    if (registry == null) {
      throw new IllegalStateException("The deserializer is not configured, or closed");
    }
    Schema writer = registry.byId(id);
    Schema endless = EndlessArrays.itemsIn(writer);
    if (endless != null) {
      throw new SerializationException(
          "The schema with id %d has an array of %s, which takes no bytes: a record could claim any number of them"
              .formatted(id, endless.getFullName()));
    }
    return new Known(reader(writer), AvroSchemas.weight(writer));
  }

  private DatumReader<Object> reader(Schema writer) {
    if (maker != null) {
      return maker.apply(writer);
    }
    Class<?> generated = specific ? generatedClass(writer) : null;
    if (generated == null) {
      return new GenericDatumReader<>(writer);
    }
    SpecificData data = SpecificData.getForClass(generated);
    return new SpecificDatumReader<>(writer, data.getSchema(generated), data);
  }

  /** Returns the class that the schema names, if it exists, is generated and trusted; else null. */
  private static @Nullable Class<?> generatedClass(Schema schema) {
    try {
      Class<?> named = SpecificData.get().getClass(schema);
      return named != null && SpecificRecord.class.isAssignableFrom(named) ? named : null;
    } catch (SecurityException e) {
      return null;
    }
  }

  @Override
  public void close() {
    SchemaRegistry registry = this.registry;
    if (registry != null) {
      registry.close();
      this.registry = null;
    }
    readers.clear();
  }
}
