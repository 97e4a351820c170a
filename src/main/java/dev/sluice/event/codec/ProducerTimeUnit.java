package dev.sluice.event.codec;

import dev.sluice.text.Cut;
import java.time.Instant;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The unit in which a producer's schema has a time. Milliseconds where it says nothing; another
 * that it declares is converted, down to the millisecond.
 *
 * @param perMilli so many make a millisecond
 * @param refused why no time can be made of the number, in words; null where it can
 */
record ProducerTimeUnit(long perMilli, @Nullable String refused) {
  static final ProducerTimeUnit MILLIS = new ProducerTimeUnit(1, null);
  private static final ProducerTimeUnit MICROS = new ProducerTimeUnit(1_000, null);
  private static final ProducerTimeUnit NANOS = new ProducerTimeUnit(1_000_000, null);
  private static final Set<Schema.Type> NUMBERS = Set.of(Schema.Type.INT, Schema.Type.LONG);

  /** The unit of a field; null, or one that is no number, is for Avro to judge. */
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
                    : new ProducerTimeUnit(1, "the producer's schema gives it several units"))
        .orElse(MILLIS);
  }

  /** By the name, which Avro forgets where it does not know it. */
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
              "the producer's schema calls it a %s, which is no moment in time: write timestamp-millis"
                  .formatted(Cut.to(kind, 100)));
    };
  }

  /**
   * The time that was meant.
   *
   * @param field its name, for the message
   * @param read the written number, taken for milliseconds
   * @throws InvalidEventException when it is none
   */
  Instant toMillis(String field, Instant read) {
    if (refused != null) {
      throw new InvalidEventException(Remedy.TIME, field + " cannot be read: " + refused);
    }
    return perMilli == 1
        ? read
        : Instant.ofEpochMilli(Math.floorDiv(read.toEpochMilli(), perMilli));
  }
}
