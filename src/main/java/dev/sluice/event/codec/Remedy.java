package dev.sluice.event.codec;

/** Remedies for records that are not events, by the kind of fault. */
enum Remedy {
  NO_VALUE(
      "Send a %RECORD as the record's value. A record without one deletes nothing: to delete a"
          + " product, send ProductDeleted; to deactivate a user, send UserDeactivated."),
  WIRE_FORMAT(
      "Send Avro in the registry's wire format: a byte 0, the schema's id in four"
          + " bytes, then the record. Confluent's serializers write this format."),
  NOT_AVRO(
      "Write the record with the schema whose id precedes it, and nothing after the"
          + " record. That schema is avro/%RECORD.avsc, or a compatible one."),
  UNKNOWN_SCHEMA(
      "Register the schema where the worker's registry is (schema.registry.url), then send the"
          + " event again."),
  UNKNOWN_TYPE(
      "Either this worker is older than the producer (upgrade the worker), or the name"
          + " is misspelt (correct the name). Then send the event again."),
  FOREIGN_NAME(
      "Write with the schema avro/%RECORD.avsc: use the contract's names and the"
          + " namespace dev.sluice.avro. Then send the event again."),
  UNKNOWN_FIELD(
      "Either this worker is older than the producer (upgrade the worker), or the field's name is"
          + " misspelt (correct the name). Then send the event again."),
  TYPE_DIFFERS(
      "Name the union's branch when you write the payload: a library that chooses by"
          + " shape takes the first that fits. Set type to the payload's name. Then send the"
          + " event again."),
  TOO_MANY_ELEMENTS(
      "Split the product into several, so that each has fewer sources, domains, agreements and"
          + " approvers. Then send the events of the parts."),
  TIME(
      "Send times in milliseconds, or declare timestamp-micros or timestamp-nanos in"
          + " the producer's schema. Then send the event again.");

  /** Stands for the name of the expected record. */
  private static final String RECORD = "%RECORD";

  private final String text;

  Remedy(String text) {
    this.text = text;
  }

  /**
   * Returns the remedy's text.
   *
   * @param record the name of the expected record, such as ProductEvent
   */
  String text(String record) {
    return text.replace(RECORD, record);
  }
}
