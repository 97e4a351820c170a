package dev.sluice.event.codec;

import dev.sluice.contract.TrustedRecords;
import dev.sluice.event.codec.EventReader.SchemaAwaitedException;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.serde.OutageClassifier;
import dev.sluice.text.Cut;
import dev.sluice.text.DecodingFault;
import java.nio.ByteBuffer;
import org.apache.avro.AvroTypeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the bytes of records with any configured deserializer. Tells bytes that can never be read
 * from an unavailable registry, and from a schema that the registry does not have yet.
 *
 * <p>For use by one thread at a time.
 */
public final class RecordDecoder implements AutoCloseable {
  private static final int MESSAGE_MAX = 500;
  private static final int DEPTH_MAX = 20;
  private static final int ID_OFFSET = 1;
  private static final int NO_ID = -1;

  private final String name;
  private final Deserializer<?> deserializer;
  private final String topic;
  private final UnknownSchemaWait unknownSchemaWait;
  private boolean hasMissedSchemas;

  /**
   * Creates a decoder for one topic.
   *
   * @param name the name of the expected record, such as ProductEvent
   * @param deserializer closed with the decoder
   * @param unknownSchemaWait decides which schemas are waited for
   */
  public RecordDecoder(
      String name,
      Deserializer<?> deserializer,
      String topic,
      UnknownSchemaWait unknownSchemaWait) {
    TrustedRecords.trust();
    this.name = name;
    this.deserializer = deserializer;
    this.topic = topic;
    this.unknownSchemaWait = unknownSchemaWait;
  }

  /**
   * Decodes one record's value.
   *
   * @throws UnreadableEventException if the bytes can never be read
   * @throws RetriableException if they cannot be read now: the registry is unavailable, or does not
   *     have the schema yet
   * @throws RuntimeException if the deserializer cannot work as configured
   */
  @Nullable Object read(Headers headers, byte @Nullable [] value) throws UnreadableEventException {
    if (value == null) {
      throw unreadable(Remedy.NO_VALUE, "the record has no value", null);
    }
    Object record;
    try {
      record = deserializer.deserialize(topic, headers, value);
    } catch (RuntimeException e) {
      throw failure(e, value);
    }
    if (hasMissedSchemas) {
      unknownSchemaWait.isKnown(schemaId(value));
    }
    return record;
  }

  /**
   * Decodes one record's value to a generated class.
   *
   * @throws UnreadableEventException if the bytes can never be read, or are another record
   * @throws RetriableException if they cannot be read now
   */
  public <T> T read(Headers headers, byte @Nullable [] value, Class<T> type)
      throws UnreadableEventException {
    var record = read(headers, value);
    if (!type.isInstance(record)) {
      throw unreadable(
          Remedy.FOREIGN_NAME,
          "the record is a %s, not a %s"
              .formatted(record == null ? "null" : record.getClass().getSimpleName(), name),
          null);
    }
    return type.cast(record);
  }

  private UnreadableEventException unreadable(
      Remedy remedy, String message, @Nullable Throwable cause) {
    return new UnreadableEventException(remedy, name, message, cause);
  }

  @Override
  public void close() {
    deserializer.close();
  }

  /** Returns the exception to throw for an outage; throws the rejection for invalid bytes. */
  private RuntimeException failure(RuntimeException e, byte[] value)
      throws UnreadableEventException {
    switch (OutageClassifier.reading(e)) {
      case UNKNOWN_SCHEMA -> {
        return unknownSchema(e, schemaId(value));
      }
      case OUTAGE -> {
        return OutageClassifier.whileReading(e);
      }
      case MISCONFIGURED -> {
        return e;
      }
      case REFUSAL -> {}
    }
    var remedy = remedy(e);
    throw unreadable(
        remedy == Remedy.NOT_AVRO && schemaId(value) < 0 ? Remedy.WIRE_FORMAT : remedy,
        innermost(e),
        e);
  }

  /** Returns the exception for a schema that is waited for; throws the rejection after the wait. */
  private RuntimeException unknownSchema(RuntimeException e, int id)
      throws UnreadableEventException {
    hasMissedSchemas = true;
    if (unknownSchemaWait.isWaitedFor(id)) {
      return new SchemaAwaitedException(
          "schema id %d is not in the registry; its events are rejected if it stays unknown for %d ms (schema.registry.unknown.schema.wait.ms): %s"
              .formatted(id, unknownSchemaWait.waitMs(), innermost(e)),
          e,
          unknownSchemaWait.leftMs(id));
    }
    throw unreadable(
        Remedy.UNKNOWN_SCHEMA,
        "schema id %d is not in the registry%s: %s"
            .formatted(
                id,
                unknownSchemaWait.waitMs() == 0 ? "" : ", and is not waited for any more",
                innermost(e)),
        e);
  }

  static Remedy remedy(Throwable error) {
    var own = own(error);
    if (own != null) {
      return own.remedy();
    }
    return isOfWrongType(error) ? Remedy.FOREIGN_NAME : Remedy.NOT_AVRO;
  }

  private static @Nullable InvalidEventException own(Throwable error) {
    var e = error;
    for (int depth = 0; e != null && depth < DEPTH_MAX; e = e.getCause(), depth++) {
      if (e instanceof InvalidEventException own) {
        return own;
      }
    }
    return null;
  }

  /** Returns the schema id in Confluent's format; -1 if the bytes have another format. */
  private static int schemaId(byte[] value) {
    return value.length >= ID_OFFSET + Integer.BYTES && value[0] == 0
        ? ByteBuffer.wrap(value).getInt(ID_OFFSET)
        : NO_ID;
  }

  private static boolean isOfWrongType(Throwable error) {
    var e = error;
    for (int depth = 0; e != null && depth < DEPTH_MAX; e = e.getCause(), depth++) {
      if (e instanceof AvroTypeException) {
        return true;
      }
    }
    return false;
  }

  static String innermost(Throwable error) {
    var ours = own(error);
    if (ours != null) {
      return Cut.to(String.valueOf(ours.getMessage()), MESSAGE_MAX);
    }
    var message = "";
    var e = error;
    for (int depth = 0; e != null && depth < DEPTH_MAX; e = e.getCause(), depth++) {
      var own = DecodingFault.message(e);
      if (own != null && !message.contains(own)) {
        message = message.isEmpty() ? own : message + ": " + own;
      }
    }
    if (message.isEmpty()) {
      message = "the record cannot be decoded";
    }
    return Cut.to(message, MESSAGE_MAX);
  }
}
