package dev.sluice.event.codec;

import dev.sluice.contract.RejectionReason;
import dev.sluice.contract.TrustedRecords;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.serde.OutageClassifier;
import dev.sluice.serde.WriterSchemaDeserializer;
import dev.sluice.text.Cut;
import dev.sluice.text.DecodingFault;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes events from the bytes on the topic, with any configured deserializer. Bytes that are not
 * an event cause a rejection, once and for all. An unavailable registry causes an exception to
 * retry, so no good event is rejected because of an outage. A schema that the registry does not
 * have is treated like an outage for a limited time.
 *
 * <p>The reader accepts nothing ambiguous. A record with another name than the contract's is not an
 * event, whatever its shape. Neither is a record with a time outside the years 2000 to 9999, or
 * with a {@code type} that is not its payload's. Names are compared if the deserializer is Sluice's
 * own, or returns generic records, which have their writer's schema. A record of the generated
 * class is accepted as it is.
 *
 * <p>For use by one thread at a time.
 */
public final class EventReader implements AutoCloseable {
  /** Maximum number of cached writers' schemas of generic records. */
  private static final int WRITERS_MAX = 100;

  private static final String NAMESPACE =
      dev.sluice.avro.ProductEvent.getClassSchema().getNamespace();
  private static final int TYPE_MAX = 100;
  private static final int MESSAGE_MAX = 500;
  private static final int DEPTH_MAX = 20;
  private static final int ID_OFFSET = 1;
  private static final int NO_ID = -1;

  private final Deserializer<?> deserializer;
  private final String topic;
  private final UnknownSchemaWait unknownSchemaWait;
  private final Map<Schema, ProducerSchemaReader> writers = new IdentityHashMap<>();
  private boolean hasMissedSchemas;

  /** Creates a reader of one topic that waits for no schema. */
  public EventReader(Deserializer<?> deserializer, String topic) {
    this(deserializer, topic, UnknownSchemaWait.rejected());
  }

  /**
   * Creates a reader of one topic.
   *
   * @param deserializer returns generic or generated records; the reader closes the deserializer
   * @param unknownSchemaWait decides which schemas are waited for
   */
  public EventReader(
      Deserializer<?> deserializer, String topic, UnknownSchemaWait unknownSchemaWait) {
    TrustedRecords.trust();
    this.deserializer = deserializer;
    this.topic = topic;
    this.unknownSchemaWait = unknownSchemaWait;
    if (deserializer instanceof WriterSchemaDeserializer own) {
      own.readWith(ProducerSchemaReader::new);
    }
  }

  /**
   * Reads one record's value.
   *
   * @throws UnreadableEventException if the bytes are not an event
   * @throws RetriableException if the decision is not possible now: the registry is unavailable, or
   *     does not have the schema yet
   * @throws RuntimeException if the deserializer cannot work as configured
   */
  public ProductEvent read(Headers headers, byte @Nullable [] value)
      throws UnreadableEventException {
    if (value == null) {
      throw new UnreadableEventException(Remedy.NO_VALUE, "the record has no value", null);
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
    ProductEvent event;
    dev.sluice.avro.ProductEvent avro = null;
    try {
      var written = written(record);
      avro = written == null ? generated(record) : written.event();
      event = written == null ? EventAvro.fromAvro(avro) : written.by().event(avro);
    } catch (RuntimeException | StackOverflowError e) {
      var unreadable = new UnreadableEventException(remedy(e), innermost(e), e);
      throw avro == null ? unreadable : unreadable.of(avro.getEventId(), type(avro));
    }
    var problem = problem(event, avro.getType());
    if (problem != null) {
      throw problem;
    }
    return event;
  }

  private ProducerSchemaReader.@Nullable Written written(@Nullable Object record) {
    if (record instanceof GenericRecord generic && !(record instanceof SpecificRecord)) {
      if (writers.size() >= WRITERS_MAX) {
        writers.clear();
      }
      return writers.computeIfAbsent(generic.getSchema(), ProducerSchemaReader::new).read(generic);
    }
    return record instanceof ProducerSchemaReader.Written written ? written : null;
  }

  private static dev.sluice.avro.ProductEvent generated(@Nullable Object record) {
    if (record instanceof dev.sluice.avro.ProductEvent avro) {
      if (!(avro.getPayload() instanceof IndexedRecord)) {
        throw new InvalidEventException(Remedy.FOREIGN_NAME, "the payload is not a record");
      }
      return avro;
    }
    throw new InvalidEventException(
        Remedy.FOREIGN_NAME,
        "the record is a "
            + (record == null ? "null" : record.getClass().getSimpleName())
            + ", not a ProductEvent");
  }

  /** Returns the payload's name; with its namespace if that is not the contract's. */
  private static @Nullable String type(dev.sluice.avro.ProductEvent avro) {
    if (!(avro.getPayload() instanceof IndexedRecord payload)) {
      return null;
    }
    var schema = payload.getSchema();
    return Cut.to(
        NAMESPACE.equals(schema.getNamespace()) ? schema.getName() : schema.getFullName(),
        TYPE_MAX);
  }

  /**
   * Returns the exception for a contradiction or an impossible value in an event; null if there is
   * none.
   */
  private static @Nullable UnreadableEventException problem(
      ProductEvent event, @Nullable String type) {
    if (type != null && !type.equals(event.type())) {
      return new UnreadableEventException(
              Remedy.TYPE_DIFFERS,
              "type says %s, the payload is a %s".formatted(Cut.to(type, TYPE_MAX), event.type()),
              null)
          .of(event.eventId(), null); // it is unknown which of the two is right
    }
    var time = timeProblem(event);
    return time == null
        ? null
        : new UnreadableEventException(Remedy.TIME, time, null).of(event.eventId(), event.type());
  }

  private static @Nullable String timeProblem(ProductEvent event) {
    var problem = TimeRange.problem("occurredAt", event.occurredAt());
    if (problem != null) {
      return problem;
    }
    return switch (event.payload()) {
      case Payload.AccessApproved p -> timeProblem(p.expiresAt(), p.startsAt());
      case Payload.DeterminationMade p -> timeProblem(p.expiresAt(), p.startsAt());
      default -> null;
    };
  }

  private static @Nullable String timeProblem(
      @Nullable Instant expiresAt, @Nullable Instant startsAt) {
    var problem = TimeRange.problem("expiresAt", expiresAt);
    return problem == null ? TimeRange.problem("startsAt", startsAt) : problem;
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
    throw new UnreadableEventException(
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
    throw new UnreadableEventException(
        Remedy.UNKNOWN_SCHEMA,
        "schema id %d is not in the registry%s: %s"
            .formatted(
                id,
                unknownSchemaWait.waitMs() == 0 ? "" : ", and is not waited for any more",
                innermost(e)),
        e);
  }

  private static Remedy remedy(Throwable error) {
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

  private static String innermost(Throwable error) {
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

  /** The event's schema is not in the registry yet. */
  public static final class SchemaAwaitedException extends RetriableException {
    private static final long serialVersionUID = 1L;

    private final long leftMs;

    /**
     * Creates the exception with the registry's message.
     *
     * @param leftMs remaining wait, in milliseconds, 0 or above
     */
    public SchemaAwaitedException(String message, Throwable cause, long leftMs) {
      super(message, cause);
      this.leftMs = leftMs;
    }

    /** Returns the remaining wait, in milliseconds, 0 or above. */
    public long leftMs() {
      return leftMs;
    }
  }

  /** Bytes that are not an event. */
  public static final class UnreadableEventException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RejectionReason reason;
    private final String remedy;
    private @Nullable String eventId;
    private @Nullable String type;

    UnreadableEventException(Remedy remedy, String message, @Nullable Throwable cause) {
      super(message, cause);
      reason =
          remedy == Remedy.TOO_MANY_ELEMENTS
              ? RejectionReason.TOO_LARGE
              : RejectionReason.UNREADABLE;
      this.remedy = remedy.text();
    }

    private UnreadableEventException of(@Nullable String id, @Nullable String payload) {
      eventId = id;
      type = payload;
      return this;
    }

    /** Returns the reason of the rejection: UNREADABLE, or TOO_LARGE for too many list elements. */
    public RejectionReason reason() {
      return reason;
    }

    /** Returns the remedy, in words. */
    public String remedy() {
      return remedy;
    }

    /** Returns the event's id as the producer wrote it; null if it cannot be read. */
    public @Nullable String eventId() {
      return eventId;
    }

    /**
     * Returns the payload's name, with its namespace if that is not the contract's; null if it
     * cannot be read. The name need not be one of the contract's.
     */
    public @Nullable String type() {
      return type;
    }
  }
}
