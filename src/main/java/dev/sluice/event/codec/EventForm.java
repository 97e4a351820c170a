package dev.sluice.event.codec;

import dev.sluice.event.Event;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One kind of the contract's events: its record, and the event that a record stands for. All kinds
 * have the same fields but for the key.
 *
 * @param schema the contract's schema of the record
 * @param payloads the contract's payloads by their full names
 * @param fromAvro converts a record of that schema
 * @param <E> the event
 */
record EventForm<E extends Event>(
    Schema schema, Map<String, Schema> payloads, Function<SpecificRecord, E> fromAvro) {

  /** Events about products and requests. */
  static final EventForm<ProductEvent> PRODUCT =
      of(
          dev.sluice.avro.ProductEvent.getClassSchema(),
          record -> EventAvro.fromAvro((dev.sluice.avro.ProductEvent) record));

  /** Events about users. */
  static final EventForm<UserEvent> USER =
      of(
          dev.sluice.avro.UserEvent.getClassSchema(),
          record -> EventAvro.fromAvro((dev.sluice.avro.UserEvent) record));

  private static <E extends Event> EventForm<E> of(
      Schema schema, Function<SpecificRecord, E> fromAvro) {
    var payloads =
        schema.getField("payload").schema().getTypes().stream()
            .collect(Collectors.toUnmodifiableMap(Schema::getFullName, it -> it));
    return new EventForm<>(schema, payloads, fromAvro);
  }

  /** Returns the name of the record, without its namespace. */
  String name() {
    return schema.getName();
  }

  /** Returns a record of this form; null if the object is something else. */
  @Nullable SpecificRecord record(@Nullable Object object) {
    return object instanceof SpecificRecord record
            && record.getSchema().getFullName().equals(schema.getFullName())
        ? record
        : null;
  }

  @Nullable Object payload(SpecificRecord record) {
    return get(record, "payload");
  }

  @Nullable String eventId(SpecificRecord record) {
    return text(get(record, "eventId"));
  }

  /** Returns the type that the record itself names; null for none. */
  @Nullable String type(SpecificRecord record) {
    return text(get(record, "type"));
  }

  private @Nullable Object get(SpecificRecord record, String field) {
    return record.get(schema.getField(field).pos());
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
