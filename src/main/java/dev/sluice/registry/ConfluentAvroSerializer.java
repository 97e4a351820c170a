package dev.sluice.registry;

import dev.sluice.limits.LruMap;
import dev.sluice.serde.PreEncodedRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records in Confluent's format: a zero byte, the schema's id in the registry as four
 * bytes, most significant first, and the record in Avro's binary encoding.
 *
 * <p>Uses {@link RegistryConfig}'s keys. With {@code use.latest.version} a record is converted to
 * the schema that was the subject's newest at the first record; a restart uses newer ones. Schemas
 * are registered without {@code avro.java.string}, so that they equal their .avsc files.
 *
 * <p>For use by one thread at a time.
 */
public final class ConfluentAvroSerializer implements Serializer<Object> {
  static final byte MAGIC = 0;
  static final int HEADER_BYTES = 5;

  /** Maximum size of a buffer that is kept for the next record, in bytes. */
  private static final int KEPT_BUFFER_BYTES = 1 << 20;

  /** Cache key: topic, schema and class of records. */
  private record Target(String topic, Schema schema, Class<?> type) {
    /** Compares schemas by identity, which costs nothing per record. */
    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(@Nullable Object other) {
      return other instanceof Target that
          && schema == that.schema
          && type == that.type
          && topic.equals(that.topic);
    }

    @Override
    public int hashCode() {
      return 31 * topic.hashCode() + System.identityHashCode(schema);
    }
  }

  /**
   * The way to write a record.
   *
   * @param header the beginning of a payload, which names the schema that follows
   * @param conversion conversion to that schema; null if the record's own schema is written
   */
  private record Plan(byte[] header, DatumWriter<Object> writer, @Nullable Conversion conversion) {
    static Plan of(int id, DatumWriter<Object> writer, @Nullable Conversion conversion) {
      byte[] header = ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(id).array();
      return new Plan(header, writer, conversion);
    }
  }

  private record Conversion(DatumReader<Object> reader, DatumWriter<Object> writer) {}

  private final LruMap<Target, Plan> plans = new LruMap<>(LookupCache.ENTRIES_MAX);
  private LookupCache<String, RegisteredSchema> latest = new LookupCache<>(System::nanoTime);
  private ByteArrayOutputStream buffer = new ByteArrayOutputStream(512);
  private @Nullable BinaryEncoder encoder;
  private @Nullable BinaryDecoder decoder;
  private @Nullable SchemaRegistry registry;
  private SubjectNameStrategy strategy = SubjectNameStrategy.TOPIC;
  private boolean isKey;
  private boolean autoRegister;
  private boolean useLatest;

  /**
   * Prepares for use; makes no request yet.
   *
   * @throws ConfigException if the configuration is not usable
   */
  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    RegistryConfig config = new RegistryConfig(configs);
    this.isKey = isKey;
    this.strategy = config.subjectNameStrategy(isKey);
    this.autoRegister = config.getBoolean(RegistryConfig.AUTO_REGISTER);
    this.useLatest = config.getBoolean(RegistryConfig.USE_LATEST);
    close();
    this.registry = SchemaRegistries.from(config);
  }

  /**
   * Returns the payload of a record; null for null.
   *
   * @throws RegistryUnavailableException if the registry was unavailable
   * @throws SerializationException if the data is not an Avro record or does not match its schema,
   *     or if the registry lacks or refuses the schema
   */
  @Override
  public byte @Nullable [] serialize(String topic, @Nullable Object data) {
    if (data == null) {
      return null;
    }
    if (!(data instanceof IndexedRecord record)) {
      throw new SerializationException(
          "Only Avro records can be written to topic %s, not %s"
              .formatted(topic, data.getClass().getName()));
    }
    Target target = new Target(topic, record.getSchema(), record.getClass());
    Plan plan = plans.get(target);
    if (plan == null) {
      plan = plan(target, record);
      plans.put(target, plan);
    }
    try {
      return write(plan, record);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          "The %s for topic %s does not match its schema: %s"
              .formatted(record.getSchema().getFullName(), topic, e.getMessage()),
          e);
    }
  }

  private Plan plan(Target target, IndexedRecord record) {
    SchemaRegistry registry = this.registry;
    if (registry == null) {
      throw new IllegalStateException("The serializer is not configured, or closed");
    }
    Schema schema = target.schema();
    String subject = strategy.subject(target.topic(), isKey, schema);
    DatumWriter<Object> writer = writer(record);
    Schema portable = AvroSchemas.portable(schema);
    if (!useLatest) {
      int id =
          autoRegister
              ? registry.register(subject, portable)
              : idOf(registry, subject, portable, schema);
      return Plan.of(id, writer, null);
    }
    RegisteredSchema newest = latest.get(subject, () -> registry.latest(subject));
    if (AvroSchemas.portable(newest.schema()).equals(portable)) {
      return Plan.of(newest.id(), writer, null);
    }
    String problem = AvroSchemas.whyUnreadable(newest.schema(), schema);
    if (problem != null) {
      throw new IncompatibleSchemaException(
          "A %s cannot be converted to the latest schema of subject %s, version %d: %s"
              .formatted(schema.getFullName(), subject, newest.version(), problem));
    }
    return Plan.of(
        newest.id(),
        writer,
        new Conversion(
            new GenericDatumReader<>(schema, newest.schema()),
            new GenericDatumWriter<>(newest.schema())));
  }

  private static int idOf(SchemaRegistry registry, String subject, Schema portable, Schema schema) {
    try {
      return registry.idOf(subject, portable);
    } catch (SchemaNotFoundException e) {
      // Confluent's serializers register the schema of a generated class as it is.
      return registry.idOf(subject, schema);
    }
  }

  @SuppressWarnings("unchecked")
  private static DatumWriter<Object> writer(IndexedRecord record) {
    Schema schema = record.getSchema();
    if (record instanceof SpecificRecordBase generated) {
      return generated.getSpecificData().createDatumWriter(schema);
    }
    return record instanceof SpecificRecord
        ? new SpecificDatumWriter<>(schema)
        : new GenericDatumWriter<>(schema);
  }

  private byte[] write(Plan plan, IndexedRecord record) throws IOException {
    Conversion conversion = plan.conversion();
    if (conversion == null && record instanceof PreEncodedRecord self) {
      return self.encoded(plan.header());
    }
    if (conversion == null) {
      return encode(plan.header(), plan.writer(), record);
    }
    byte[] own = encode(plan.header(), plan.writer(), record);
    decoder =
        DecoderFactory.get().binaryDecoder(own, HEADER_BYTES, own.length - HEADER_BYTES, decoder);
    return encode(plan.header(), conversion.writer(), conversion.reader().read(null, decoder));
  }

  private byte[] encode(byte[] header, DatumWriter<Object> writer, Object datum)
      throws IOException {
    buffer.reset();
    buffer.writeBytes(header);
    // The direct encoder buffers nothing, so a failed record leaves nothing to the next one.
    encoder = EncoderFactory.get().directBinaryEncoder(buffer, encoder);
    writer.write(datum, encoder);
    byte[] payload = buffer.toByteArray();
    if (payload.length > KEPT_BUFFER_BYTES) {
      buffer = new ByteArrayOutputStream(512);
    }
    return payload;
  }

  @Override
  public void close() {
    SchemaRegistry registry = this.registry;
    if (registry != null) {
      registry.close();
      this.registry = null;
    }
    plans.clear();
    latest = new LookupCache<>(System::nanoTime);
  }
}
