package dev.sluice.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event of the contract: about a data product and its requests, or about a user. */
public sealed interface Event permits ProductEvent, UserEvent {

  /** Returns the event's id. */
  String eventId();

  /** Returns the id that the event is about, which is the record's key. */
  String key();

  /** Returns the producer's counter per key; null if the producer has none. */
  @Nullable Long sequence();

  /** Returns the time of the event, by the producer's clock. */
  Instant occurredAt();

  /** Returns the user or system that caused the event. */
  String actor();

  /** Returns the event's type, such as {@code ProductPublished}. */
  String type();

  /** Returns the event without its sequence. */
  Event withoutSequence();
}
