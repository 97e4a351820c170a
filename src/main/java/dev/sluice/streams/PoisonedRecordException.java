package dev.sluice.streams;

import dev.sluice.streams.SetAsideRecords.Input;
import dev.sluice.streams.SetAsideRecords.Place;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A record that cannot be processed, since something is so that cannot be. Every try fails in the
 * same way. Says where it stands, and how to go on without it.
 */
public final class PoisonedRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private PoisonedRecordException(String message, RuntimeException cause) {
    super(message, cause);
  }

  /**
   * What is to be thrown for an error in a record. What Kafka throws, be it an outage, a rebalance
   * or what a broker refuses, says nothing about the record and stays as it is.
   *
   * @param at where the record stands; null where that is not known
   */
  public static RuntimeException of(
      Input input, @Nullable RecordMetadata at, RuntimeException error) {
    if (at == null || error instanceof KafkaException) {
      return error;
    }
    var place = new Place(input, at.partition(), at.offset());
    return new PoisonedRecordException(
        ("the record at offset %d of %s partition %d cannot be processed: %s. Nothing behind it in"
                + " that partition is. To set it aside into rejected-events and go on, start every"
                + " worker with records.set.aside=%s (./sluice run --set-aside %s); read first what"
                + " that leaves to be put right: docs/runbook.md, section SluiceRecordSetAside")
            .formatted(at.offset(), at.topic(), at.partition(), says(error), place, place),
        error);
  }

  private static String says(RuntimeException error) {
    var message = error.getMessage();
    return message == null ? error.toString() : message.replaceAll("\\p{Cntrl}", "?");
  }
}
