package dev.sluice.event.codec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.text.Cut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads events of one producer schema; the comparison with the contract is made once per schema.
 * Avro takes a record of an unknown name for one of the same shape, and a number for one of the
 * expected unit. This class rejects both.
 *
 * <p>For use by one thread at a time.
 */
final class ProducerSchemaReader implements DatumReader<Object> {
  private static final String PAYLOAD = "payload";
  private static final String OCCURRED_AT = "occurredAt";

  /** Times of payloads. */
  private static final List<String> PAYLOAD_TIMES = List.of("expiresAt", "startsAt");

  private static final int WRITER_TEXT_MAX = 300;

  /** Result of {@link #read}: a record, and the reader of its producer's schema. */
  record Written(SpecificRecord event, ProducerSchemaReader by) {}

  private final EventForm<?> form;
  private final Schema writer;
  private final DatumReader<SpecificRecord> records;
  private final ProducerTimeUnit occurredAt;

  /** Time units of a payload's times, by the full name of the payload and the field's name. */
  private final Map<String, Map<String, ProducerTimeUnit>> units = new HashMap<>();

  /** Differences from the contract, in words, per payload of the contract. */
  private final Map<String, String> strange = new HashMap<>();

  /** Fields that the contract does not have, in words, per payload of the contract. */
  private final Map<String, String> unknownFields = new HashMap<>();

  /** The same, of the event itself; null if there is none. */
  private final @Nullable String unknownEventField;

  /**
   * Creates a reader for one writer's schema.
   *
   * @param form the events that are expected
   * @throws InvalidEventException if no record of the schema is an event of the contract
   */
  ProducerSchemaReader(EventForm<?> form, Schema writer) {
    this.form = form;
    var contract = form.schema();
    if (writer.getType() != Schema.Type.RECORD) {
      throw new InvalidEventException(
          Remedy.FOREIGN_NAME,
          "the record is of Avro's type %s, not a %s"
              .formatted(writer.getType().getName(), contract.getFullName()));
    }
    if (!writer.getFullName().equals(contract.getFullName())) {
      throw new InvalidEventException(
          Remedy.FOREIGN_NAME,
          "the record is a %s, not a %s: name and namespace must be the contract's"
              .formatted(Cut.to(writer.getFullName(), WRITER_TEXT_MAX), contract.getFullName()));
    }
    this.writer = writer;
    this.occurredAt = ProducerTimeUnit.of(writer.getField(OCCURRED_AT));
    this.unknownEventField =
        writer.getFields().stream()
            .filter(field -> contract.getField(field.name()) == null)
            .findFirst()
            .map(field -> unknownField(contract.getName(), field))
            .orElse(null);
    var foreign = new ArrayList<Schema>();
    for (var payload : branches(writer.getField(PAYLOAD))) {
      var known =
          payload.getType() == Schema.Type.RECORD
              ? form.payloads().get(payload.getFullName())
              : null;
      if (known == null) {
        foreign.add(payload);
        continue;
      }
      units.put(
          payload.getFullName(),
          PAYLOAD_TIMES.stream()
              .collect(
                  Collectors.toMap(
                      time -> time, time -> ProducerTimeUnit.of(payload.getField(time)))));
      var difference = difference(payload, known, payload.getName());
      if (difference != null) {
        strange.put(payload.getFullName(), difference);
      }
      var field = unknownField(payload, known, payload.getName());
      if (field != null) {
        unknownFields.put(payload.getFullName(), field);
      }
    }
    records = reader(foreign);
  }

  private static List<Schema> branches(Schema.@Nullable Field field) {
    if (field == null) {
      return List.of();
    }
    return field.schema().isUnion() ? field.schema().getTypes() : List.of(field.schema());
  }

  /**
   * Returns a reader with the contract's schema, extended by the writer's unknown payloads, each as
   * a record without fields. Avro prefers a match of the full name over one of the shape.
   */
  private DatumReader<SpecificRecord> reader(List<Schema> foreign) {
    var contract = form.schema();
    var unknown = new HashSet<String>();
    var payloads = new ArrayList<>(contract.getField(PAYLOAD).schema().getTypes());
    for (var payload : foreign) {
      switch (payload.getType()) {
        case RECORD -> {
          if (unknown.add(payload.getFullName())) {
            payloads.add(emptyRecord(payload));
          }
        }
        case STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL ->
            payloads.add(Schema.create(payload.getType()));
        default -> {
          // Avro reports that no branch matches
        }
      }
    }
    var fields = new ArrayList<Schema.Field>();
    for (var field : contract.getFields()) {
      fields.add(
          new Schema.Field(
              field, field.name().equals(PAYLOAD) ? Schema.createUnion(payloads) : field.schema()));
    }
    var reader =
        Schema.createRecord(contract.getName(), null, contract.getNamespace(), false, fields);
    return new SpecificDatumReader<>(
        writer, foreign.isEmpty() ? contract : reader, new Records(unknown));
  }

  /** Leaves out the writer's names that Avro for Java would refuse, such as a-b. */
  private static Schema emptyRecord(Schema of) {
    return new Schema.Parser(NameValidator.NO_VALIDATION)
        .parse(
            JsonNodeFactory.instance
                .objectNode()
                .put("type", "record")
                .put("name", of.getFullName())
                .set("fields", JsonNodeFactory.instance.arrayNode())
                .toString());
  }

  /** Creates the contract's classes only, and none that a writer names. */
  private static final class Records extends SpecificData {
    private final Set<String> unknown;

    Records(Set<String> unknown) {
      super(dev.sluice.avro.ProductEvent.class.getClassLoader());
      this.unknown = unknown;
      addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Class getClass(Schema schema) {
      return schema.getType() == Schema.Type.RECORD && unknown.contains(schema.getFullName())
          ? null
          : super.getClass(schema);
    }
  }

  /**
   * Returns a description of a writer's named type that Avro would take for another of the same
   * shape; null if there is none.
   */
  private static @Nullable String difference(Schema writer, Schema reader, String path) {
    if (writer.isUnion()) {
      for (var branch : writer.getTypes()) {
        var difference = difference(branch, reader, path);
        if (difference != null) {
          return difference;
        }
      }
      return null;
    }
    var same =
        (reader.isUnion() ? reader.getTypes() : List.of(reader))
            .stream().filter(it -> it.getType() == writer.getType()).toList();
    return switch (writer.getType()) {
      case RECORD, ENUM, FIXED -> {
        var named =
            same.stream().filter(it -> it.getFullName().equals(writer.getFullName())).findFirst();
        if (named.isEmpty()) {
          yield same.isEmpty()
              ? null // Avro reports it
              : "%s has a %s where the contract has a %s: name and namespace must be the contract's"
                  .formatted(
                      path,
                      Cut.to(writer.getFullName(), WRITER_TEXT_MAX),
                      same.getFirst().getFullName());
        }
        if (writer.getType() == Schema.Type.RECORD) {
          for (var field : named.get().getFields()) {
            var written = writer.getField(field.name());
            var difference =
                written == null
                    ? null
                    : difference(written.schema(), field.schema(), path + "." + field.name());
            if (difference != null) {
              yield difference;
            }
          }
        }
        yield null;
      }
      case ARRAY ->
          same.isEmpty()
              ? null
              : difference(writer.getElementType(), same.getFirst().getElementType(), path);
      case MAP ->
          same.isEmpty()
              ? null
              : difference(writer.getValueType(), same.getFirst().getValueType(), path);
      default -> null;
    };
  }

  /**
   * Returns a description of a field that the writer has and the contract does not; null if there
   * is none. Avro skips such a field. It may be a misspelt one that limits access.
   */
  private static @Nullable String unknownField(Schema writer, Schema reader, String path) {
    if (writer.isUnion()) {
      return writer.getTypes().stream()
          .map(branch -> unknownField(branch, reader, path))
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
    }
    for (var known : reader.isUnion() ? reader.getTypes() : List.of(reader)) {
      if (known.getType() != writer.getType()) {
        continue;
      }
      var field =
          switch (writer.getType()) {
            case RECORD -> unknownFieldOfRecord(writer, known, path);
            case ARRAY -> unknownField(writer.getElementType(), known.getElementType(), path);
            case MAP -> unknownField(writer.getValueType(), known.getValueType(), path);
            default -> null;
          };
      if (field != null) {
        return field;
      }
    }
    return null;
  }

  private static @Nullable String unknownFieldOfRecord(Schema writer, Schema known, String path) {
    if (!writer.getFullName().equals(known.getFullName())) {
      return null;
    }
    for (var field : writer.getFields()) {
      var counterpart = known.getField(field.name());
      var unknown =
          counterpart == null
              ? unknownField(path, field)
              : unknownField(field.schema(), counterpart.schema(), path + "." + field.name());
      if (unknown != null) {
        return unknown;
      }
    }
    return null;
  }

  private static String unknownField(String path, Schema.Field field) {
    return "%s has the field %s, which the contract does not have"
        .formatted(path, Cut.to(field.name(), WRITER_TEXT_MAX));
  }

  @Override
  public void setSchema(Schema schema) {
    throw new UnsupportedOperationException("the writer's schema is known");
  }

  @Override
  public Written read(@Nullable Object reuse, Decoder in) throws IOException {
    try {
      return new Written(records.read(null, new BoundedDecoder(in)), this);
    } catch (AvroRuntimeException e) {
      if (strange.isEmpty()) {
        throw e;
      }
      throw new AvroRuntimeException(
          e.getMessage() + "; " + String.join("; ", strange.values()), e);
    }
  }

  /** Reads a record that a deserializer returned in its writer's schema. */
  Written read(GenericRecord record) {
    try {
      var out = new ByteArrayOutputStream();
      var encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(writer).write(record, encoder);
      encoder.flush();
      return read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
    } catch (IOException e) {
      throw new UncheckedIOException("in memory", e);
    }
  }

  /**
   * Returns the contract's record, its times in milliseconds.
   *
   * @throws InvalidEventException if the record is not one of the contract's; the message gives the
   *     reason
   */
  SpecificRecord event(SpecificRecord record) {
    if (!(form.payload(record) instanceof IndexedRecord payload)) {
      throw new InvalidEventException(Remedy.FOREIGN_NAME, "the payload is not a record");
    }
    var name = payload.getSchema().getFullName();
    if (!form.payloads().containsKey(name)) {
      throw unknown(name);
    }
    var difference = strange.get(name);
    if (difference != null) {
      throw new InvalidEventException(Remedy.FOREIGN_NAME, difference);
    }
    var unknown = unknownEventField == null ? unknownFields.get(name) : unknownEventField;
    if (unknown != null) {
      throw new InvalidEventException(Remedy.UNKNOWN_FIELD, unknown);
    }
    toMillis(record, OCCURRED_AT, occurredAt);
    units.getOrDefault(name, Map.of()).forEach((field, unit) -> toMillis(payload, field, unit));
    return record;
  }

  private static void toMillis(IndexedRecord record, String field, ProducerTimeUnit written) {
    var at = record.getSchema().getField(field);
    if (at != null && record.get(at.pos()) instanceof Instant time) {
      record.put(at.pos(), written.toMillis(field, time));
    }
  }

  private InvalidEventException unknown(String name) {
    var simple = name.substring(name.lastIndexOf('.') + 1);
    var contracts = form.schema().getNamespace() + "." + simple;
    return form.payloads().containsKey(contracts)
        ? new InvalidEventException(
            Remedy.FOREIGN_NAME,
            "the payload is a %s, the contract's is a %s: the record's namespace is another"
                .formatted(Cut.to(name, WRITER_TEXT_MAX), contracts))
        : new InvalidEventException(
            Remedy.UNKNOWN_TYPE,
            "the payload is a %s, which this worker does not know"
                .formatted(Cut.to(name, WRITER_TEXT_MAX)));
  }
}
