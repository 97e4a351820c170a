package dev.sluice.streams;

import dev.sluice.streams.SetAsideRecords.Input;
import dev.sluice.streams.SetAsideRecords.Place;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A record that cannot be processed, since its state contradicts an invariant. Every try fails in
 * the same way. The message names the record's place, and the way to continue without the record.
 */
public final class PoisonedRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private PoisonedRecordException(String message, RuntimeException cause) {
    super(message, cause);
  }

  /**
   * Returns the exception to throw for an error in a record. Kafka's exceptions, such as an outage,
   * a rebalance or a refusal by a broker, are no fault of the record and are returned unchanged.
   *
   * @param at the place of the record; null if unknown
   */
  public static RuntimeException of(
      Input input, @Nullable RecordMetadata at, RuntimeException error) {
    if (at == null || error instanceof KafkaException) {
      return error;
    }
    var place = new Place(input, at.partition(), at.offset());
    return new PoisonedRecordException(
        ("the record at offset %d of %s partition %d cannot be processed: %s. No record"
                + " behind this one in the partition is processed. To set the record aside into"
                + " rejected-events and continue, start every worker with records.set.aside=%s"
                + " (./sluice run --set-aside %s); read first what must then be corrected:"
                + " docs/runbook.md, section SluiceRecordSetAside")
            .formatted(at.offset(), at.topic(), at.partition(), description(error), place, place),
        error);
  }

  private static String description(RuntimeException error) {
    var message = error.getMessage();
    return message == null ? error.toString() : message.replaceAll("\\p{Cntrl}", "?");
  }
}
