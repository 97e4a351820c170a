package dev.sluice.streams;

import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The record's timestamp, but no time that is still to come; where it has none, the newest of its
 * partition. Never fails.
 *
 * <p>Changelogs and all that is written carry it, and a broker refuses records from the far future:
 * one on an input topic that lets them pass would stop the worker at its first write.
 *
 * @param clockMs what time it is, in milliseconds since the epoch
 */
public record ArrivalTime(LongSupplier clockMs) implements TimestampExtractor {

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    var timestamp = record.timestamp() >= 0 ? record.timestamp() : Math.max(partitionTime, 0);
    return Math.min(timestamp, clockMs.getAsLong());
  }
}
