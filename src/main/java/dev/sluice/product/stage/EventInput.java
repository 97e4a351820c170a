package dev.sluice.product.stage;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Event;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.product.Decision.Rejected;
import dev.sluice.product.EventIds;
import dev.sluice.streams.OutageRetry;
import dev.sluice.streams.SetAsideRecords;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The treatment of input records that every stage of events shares: it sets them aside, reads,
 * rejects and counts them.
 *
 * @param <E> the stage's events
 */
public final class EventInput<E extends Event> {
  private final ProcessorContext<?, ?> context;
  private final SetAsideRecords setAside;
  private final SetAsideRecords.Input input;
  private final Reader<E> reader;
  private final OutageRetry outageRetry;
  private final EventObserver observer;
  private final Consumer<Record<byte[], byte[]>> rejectedEvents;
  private final Logger log;

  /** Reads an event. */
  @FunctionalInterface
  public interface Reader<E extends Event> {
    /**
     * Returns the event of a record.
     *
     * @throws UnreadableEventException if the bytes are no event
     */
    E read(Headers headers, byte @Nullable [] value) throws UnreadableEventException;
  }

  /**
   * Creates the input of one task.
   *
   * @param input the stage's input, by which an operator names records to set aside
   * @param outageRetry waits while an event cannot be read
   * @param rejectedEvents forwards a record to rejected-events
   * @param log the stage's log
   */
  public EventInput(
      ProcessorContext<?, ?> context,
      SetAsideRecords setAside,
      SetAsideRecords.Input input,
      Reader<E> reader,
      OutageRetry outageRetry,
      EventObserver observer,
      Consumer<Record<byte[], byte[]>> rejectedEvents,
      Logger log) {
    this.context = context;
    this.setAside = setAside;
    this.input = input;
    this.reader = reader;
    this.outageRetry = outageRetry;
    this.observer = observer;
    this.rejectedEvents = rejectedEvents;
    this.log = log;
  }

  /** Rejects the record if an operator set it aside; returns whether that was so. */
  public boolean setsAside(Record<byte[], byte[]> record, @Nullable RecordMetadata at) {
    if (at == null || !setAside.holds(input, at)) {
      return false;
    }
    log.warn(
        "set aside by records.set.aside: offset {} of {} partition {}; see rejected-events, and"
            + " remove the entry once every worker has passed the record",
        at.offset(),
        at.topic(),
        at.partition());
    observer.setAside(input);
    reject(record, RejectionReason.SET_ASIDE, "an operator had the event set aside");
    return true;
  }

  /** Reads the event of a record; null if the record had to be rejected. Waits for an outage. */
  public @Nullable E read(Record<byte[], byte[]> record) {
    var large = Rejection.tooLarge(record);
    if (large != null) {
      reject(record, RejectionReason.TOO_LARGE, large);
      return null;
    }
    for (int tries = 1; ; tries++) {
      try {
        return reader.read(record.headers(), record.value());
      } catch (UnreadableEventException e) {
        reject(
            record,
            e.eventId(),
            which(e),
            EventObserver.UNKNOWN,
            new Rejected(e.reason(), String.valueOf(e.getMessage()), e.remedy()));
        return null;
      } catch (RuntimeException outage) {
        if (!outageRetry.waitFor(tries, outage)) {
          throw outage;
        }
      }
    }
  }

  /** Rejects the record of an event that was read. */
  public void reject(Record<byte[], byte[]> record, E event, Rejected why) {
    reject(
        record,
        event.eventId(),
        "%s %s by %s"
            .formatted(
                event.type(), EventIds.quoted(event.eventId()), EventIds.quoted(event.actor())),
        event.type(),
        why);
  }

  /** Counts an event's outcome. */
  public void count(E event, String outcome) {
    log.atDebug()
        .addKeyValue("eventId", event.eventId())
        .log("{} {} of {}", outcome, event.type(), event.key());
    observer.decided(event.type(), outcome);
  }

  private void reject(Record<byte[], byte[]> record, RejectionReason reason, String message) {
    reject(record, null, "", EventObserver.UNKNOWN, new Rejected(reason, message));
  }

  /**
   * Rejects a record.
   *
   * @param which the event and its sender for the log; may be empty
   * @param type the contract's type, or unknown
   */
  private void reject(
      Record<byte[], byte[]> record,
      @Nullable String eventId,
      String which,
      String type,
      Rejected why) {
    var reason = why.reason();
    var at = context.recordMetadata().orElse(null);
    log.atDebug()
        .addKeyValue("eventId", eventId)
        .log("rejected at {}: {} {}", at, reason, why.message());
    // The time of the rejection, not of the event: retention would delete the record at once.
    rejectedEvents.accept(Rejection.of(record, at, eventId, why, context.currentSystemTimeMs()));
    var place = at == null ? "" : at.topic() + "-" + at.partition() + " offset " + at.offset();
    observer.rejected(reason, why.message(), which.isEmpty() ? place : which + ", " + place);
    observer.decided(type, reason.name().toLowerCase(Locale.ROOT));
  }

  private static String which(UnreadableEventException e) {
    return e.eventId() == null
        ? ""
        : "%s %s".formatted(e.type() == null ? "event" : e.type(), EventIds.quoted(e.eventId()));
  }
}
