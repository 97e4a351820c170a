package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a data product or to a request for it. Ids are not checked here: an
 * event with a bad id is rejected by the decider, not lost on the way to it.
 *
 * @param eventId identifies the event
 * @param productId the product, and the record's key
 * @param sequence the producer's counter per product; null where it keeps none
 * @param occurredAt when it happened, by the producer's clock
 * @param actor who did it
 * @param payload what happened
 */
public record ProductEvent(
    @JsonProperty(required = true) String eventId,
    @JsonProperty(required = true) String productId,
    @Nullable Long sequence,
    @JsonProperty(required = true) Instant occurredAt,
    @JsonProperty(required = true) String actor,
    @JsonProperty(required = true) Payload payload) {

  /** The same event of a producer that keeps no counter. */
  public ProductEvent withoutSequence() {
    return new ProductEvent(eventId, productId, null, occurredAt, actor, payload);
  }

  /** The event's type, such as {@code ProductPublished}. */
  public String type() {
    return payload.getClass().getSimpleName();
  }
}
