package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event about a user, whatever the product. Ids are not checked here: the decider rejects an
 * event with an invalid id.
 *
 * @param eventId the event's id
 * @param userId the user, and the record's key
 * @param sequence the producer's counter per user; null if the producer has none
 * @param occurredAt the time of the event, by the producer's clock
 * @param actor the person or system that caused the event
 * @param payload the content
 */
public record UserEvent(
    @JsonProperty(required = true) String eventId,
    @JsonProperty(required = true) String userId,
    @Nullable Long sequence,
    @JsonProperty(required = true) Instant occurredAt,
    @JsonProperty(required = true) String actor,
    @JsonProperty(required = true) UserPayload payload)
    implements Event {

  @Override
  public String key() {
    return userId;
  }

  @Override
  public UserEvent withoutSequence() {
    return new UserEvent(eventId, userId, null, occurredAt, actor, payload);
  }

  @Override
  public String type() {
    return payload.getClass().getSimpleName();
  }
}
