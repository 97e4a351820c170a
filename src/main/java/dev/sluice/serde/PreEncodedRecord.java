package dev.sluice.serde;

/**
 * An Avro record that can write itself faster than its schema's writer does: for records of which
 * there are many that differ in little.
 */
public interface PreEncodedRecord {

  /**
   * What comes before the record, and the record in Avro's binary encoding: byte for byte what the
   * schema's writer would write.
   */
  byte[] encoded(byte[] before);
}
