package dev.sluice.event.codec;

/** Remedies for records that are not events, by the kind of fault. */
enum Remedy {
  NO_VALUE(
      "Send a ProductEvent as the record's value. A record without one deletes nothing: to delete a"
          + " product, send ProductDeleted."),
  WIRE_FORMAT(
      "Send Avro in the registry's wire format: a byte 0, the schema's id in four bytes, then the"
          + " record. Confluent's serializers write it."),
  NOT_AVRO(
      "Write the record with the schema whose id stands before it, and nothing after it. That"
          + " schema is avro/ProductEvent.avsc, or one that is compatible."),
  UNKNOWN_SCHEMA(
      "Register the schema where the worker's registry is (schema.registry.url), then send the"
          + " event again."),
  UNKNOWN_TYPE(
      "Either this worker is older than the producer (upgrade it), or the name is misspelt (mend"
          + " it). Then send the event again."),
  FOREIGN_NAME(
      "Write with the schema avro/ProductEvent.avsc: names are the contract's, and so is the"
          + " namespace dev.sluice.avro. Then send the event again."),
  TYPE_DIFFERS(
      "Name the union's branch when you write the payload: a library that goes by shape takes the"
          + " first that fits. Let type be the payload's name. Then send the event again."),
  TIME(
      "Send times in milliseconds, or declare timestamp-micros or timestamp-nanos in the schema"
          + " that you write with. Then send the event again.");

  private final String text;

  Remedy(String text) {
    this.text = text;
  }

  /** Returns the remedy's text. */
  String text() {
    return text;
  }
}
