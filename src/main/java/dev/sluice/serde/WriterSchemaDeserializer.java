package dev.sluice.serde;

import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;

/**
 * A deserializer that can delegate the decoding to other readers, which it gives the writer's
 * schema.
 */
public interface WriterSchemaDeserializer {

  /**
   * Sets the readers that decode the records from now on.
   *
   * @param maker makes the reader of one writer's schema, once while the schema is cached; its
   *     {@link org.apache.kafka.common.errors.SerializationException} means that no record of the
   *     schema can be read
   */
  void readWith(Function<Schema, DatumReader<Object>> maker);
}
