package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event about a data product or about a request for one. Ids are not checked here: the decider
 * rejects an event with an invalid id.
 *
 * @param eventId the event's id
 * @param productId the product, and the record's key
 * @param sequence the producer's counter per product; null if the producer has none
 * @param occurredAt the time of the event, by the producer's clock
 * @param actor the user or system that caused the event
 * @param payload the content
 */
public record ProductEvent(
    @JsonProperty(required = true) String eventId,
    @JsonProperty(required = true) String productId,
    @Nullable Long sequence,
    @JsonProperty(required = true) Instant occurredAt,
    @JsonProperty(required = true) String actor,
    @JsonProperty(required = true) Payload payload)
    implements Event {

  @Override
  public String key() {
    return productId;
  }

  @Override
  public ProductEvent withoutSequence() {
    return new ProductEvent(eventId, productId, null, occurredAt, actor, payload);
  }

  @Override
  public String type() {
    return payload.getClass().getSimpleName();
  }
}
