package dev.sluice.serde;

import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;

/**
 * A deserializer that lets others read its records, and tells them the writer's schema for that.
 */
public interface WriterSchemaDeserializer {

  /**
   * From now on gives what other readers make of the records.
   *
   * @param maker makes the reader of one writer's schema, once while the schema is remembered; its
   *     {@link org.apache.kafka.common.errors.SerializationException} says that no record of the
   *     schema can be read
   */
  void readWith(Function<Schema, DatumReader<Object>> maker);
}
