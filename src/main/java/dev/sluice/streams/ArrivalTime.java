package dev.sluice.streams;

import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Extracts the record's timestamp, limited to the present; without one, the newest of its
 * partition. Never fails.
 *
 * <p>Changelogs and output records carry this time, and a broker refuses records from the far
 * future. An input topic that accepts such a record would otherwise stop the worker at its first
 * write.
 *
 * @param clockMs returns the current time, in milliseconds since the epoch
 */
public record ArrivalTime(LongSupplier clockMs) implements TimestampExtractor {

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    var timestamp = record.timestamp() >= 0 ? record.timestamp() : Math.max(partitionTime, 0);
    return Math.min(timestamp, clockMs.getAsLong());
  }
}
