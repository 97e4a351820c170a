package dev.sluice.event.codec;

import dev.sluice.text.Cut;
import java.time.Instant;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The unit of a time field in a producer's schema. Milliseconds by default; other declared units
 * are converted and truncated to the millisecond.
 *
 * @param perMilli number of units in a millisecond
 * @param problem the reason why the number is not a time, in words; null if it is one
 */
record ProducerTimeUnit(long perMilli, @Nullable String problem) {
  static final ProducerTimeUnit MILLIS = new ProducerTimeUnit(1, null);
  private static final ProducerTimeUnit MICROS = new ProducerTimeUnit(1_000, null);
  private static final ProducerTimeUnit NANOS = new ProducerTimeUnit(1_000_000, null);
  private static final Set<Schema.Type> NUMBERS = Set.of(Schema.Type.INT, Schema.Type.LONG);

  /** Returns the unit of a field. Avro judges a missing field, or one that is not a number. */
  static ProducerTimeUnit of(Schema.@Nullable Field field) {
    if (field == null) {
      return MILLIS;
    }
    var schema = field.schema();
    if (!schema.isUnion()) {
      return of(schema);
    }
    return schema.getTypes().stream()
        .filter(it -> NUMBERS.contains(it.getType()))
        .map(ProducerTimeUnit::of)
        .reduce(
            (one, other) ->
                one.equals(other)
                    ? one
                    : new ProducerTimeUnit(1, "the producer's schema declares several units"))
        .orElse(MILLIS);
  }

  /** Reads the logical type by name, since Avro drops types that it does not support. */
  private static ProducerTimeUnit of(Schema schema) {
    var kind = schema.getProp("logicalType");
    return switch (kind) {
      case null -> MILLIS;
      case "timestamp-millis" -> MILLIS;
      case "timestamp-micros" -> MICROS;
      case "timestamp-nanos" -> NANOS;
      default ->
          new ProducerTimeUnit(
              1,
              "the producer's schema declares %s, which is not a point in time: write timestamp-millis"
                  .formatted(Cut.to(kind, 100)));
    };
  }

  /**
   * Returns the intended time.
   *
   * @param field its name, for the message
   * @param read the written number, taken for milliseconds
   * @throws InvalidEventException if the number is not a time
   */
  Instant toMillis(String field, Instant read) {
    if (problem != null) {
      throw new InvalidEventException(Remedy.TIME, field + " cannot be read: " + problem);
    }
    return perMilli == 1
        ? read
        : Instant.ofEpochMilli(Math.floorDiv(read.toEpochMilli(), perMilli));
  }
}
