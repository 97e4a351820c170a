package dev.sluice.serde;

/**
 * An Avro record that encodes itself faster than its schema's writer, for large numbers of similar
 * records.
 */
public interface PreEncodedRecord {

  /**
   * Returns a prefix followed by the record in Avro's binary encoding, byte for byte the output of
   * the schema's writer.
   */
  byte[] encoded(byte[] before);
}
