package dev.sluice.event.codec;

import dev.sluice.contract.TrustedRecords;
import dev.sluice.event.Event;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.serde.WriterSchemaDeserializer;
import dev.sluice.text.Cut;
import java.util.IdentityHashMap;
import java.util.Map;
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
 *
 * @param <E> the events
 */
public abstract sealed class RecordReader<E extends Event> implements AutoCloseable
    permits EventReader, UserEventReader {
  /** Maximum number of cached writers' schemas of generic records. */
  private static final int WRITERS_MAX = 100;

  private static final int TYPE_MAX = 100;

  private final EventForm<E> form;
  private final RecordDecoder decoder;
  private final Map<Schema, ProducerSchemaReader> writers = new IdentityHashMap<>();

  /**
   * Creates a reader of one topic.
   *
   * @param deserializer returns generic or generated records; the reader closes the deserializer
   * @param unknownSchemaWait decides which schemas are waited for
   */
  RecordReader(
      EventForm<E> form,
      Deserializer<?> deserializer,
      String topic,
      UnknownSchemaWait unknownSchemaWait) {
    TrustedRecords.trust();
    this.form = form;
    decoder = new RecordDecoder(form.name(), deserializer, topic, unknownSchemaWait);
    if (deserializer instanceof WriterSchemaDeserializer own) {
      own.readWith(writer -> new ProducerSchemaReader(form, writer));
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
  public final E read(Headers headers, byte @Nullable [] value) throws UnreadableEventException {
    var record = decoder.read(headers, value);
    E event;
    SpecificRecord avro = null;
    try {
      var written = written(record);
      avro = written == null ? generated(record) : written.event();
      event = form.fromAvro().apply(written == null ? avro : written.by().event(avro));
    } catch (RuntimeException | StackOverflowError e) {
      var unreadable = unreadable(RecordDecoder.remedy(e), RecordDecoder.innermost(e), e);
      throw avro == null ? unreadable : unreadable.of(form.eventId(avro), type(avro));
    }
    var problem = problem(event, form.type(avro));
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
      return writers
          .computeIfAbsent(generic.getSchema(), writer -> new ProducerSchemaReader(form, writer))
          .read(generic);
    }
    return record instanceof ProducerSchemaReader.Written written ? written : null;
  }

  private SpecificRecord generated(@Nullable Object object) {
    var avro = form.record(object);
    if (avro != null) {
      if (!(form.payload(avro) instanceof IndexedRecord)) {
        throw new InvalidEventException(Remedy.FOREIGN_NAME, "the payload is not a record");
      }
      return avro;
    }
    throw new InvalidEventException(
        Remedy.FOREIGN_NAME,
        "the record is a "
            + (object == null ? "null" : object.getClass().getSimpleName())
            + ", not a "
            + form.name());
  }

  /** Returns the payload's name; with its namespace if that is not the contract's. */
  private @Nullable String type(SpecificRecord avro) {
    if (!(form.payload(avro) instanceof IndexedRecord payload)) {
      return null;
    }
    var schema = payload.getSchema();
    return Cut.to(
        form.schema().getNamespace().equals(schema.getNamespace())
            ? schema.getName()
            : schema.getFullName(),
        TYPE_MAX);
  }

  /**
   * Returns the exception for a contradiction or an impossible value in an event; null if there is
   * none.
   */
  private @Nullable UnreadableEventException problem(E event, @Nullable String type) {
    if (type != null && !type.equals(event.type())) {
      return unreadable(
              Remedy.TYPE_DIFFERS,
              "type says %s, the payload is a %s".formatted(Cut.to(type, TYPE_MAX), event.type()),
              null)
          .of(event.eventId(), null); // it is unknown which of the two is right
    }
    var time = timeProblem(event);
    return time == null
        ? null
        : unreadable(Remedy.TIME, time, null).of(event.eventId(), event.type());
  }

  private @Nullable String timeProblem(E event) {
    var problem = TimeRange.problem("occurredAt", event.occurredAt());
    return problem == null ? payloadTimeProblem(event) : problem;
  }

  /** Returns a description of an impossible time in the payload; null if there is none. */
  abstract @Nullable String payloadTimeProblem(E event);

  private UnreadableEventException unreadable(
      Remedy remedy, String message, @Nullable Throwable cause) {
    return new UnreadableEventException(remedy, form.name(), message, cause);
  }

  @Override
  public final void close() {
    decoder.close();
  }
}
