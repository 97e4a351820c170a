package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A data use agreement that requesters acknowledge. In JSON an object, or its id alone.
 *
 * @param id identifies it
 * @param name what people call it
 */
public record Agreement(@JsonProperty(required = true) String id, @Nullable String name) {

  /** An agreement of which only the id is given. */
  @JsonCreator
  public static Agreement of(String id) {
    return new Agreement(id, null);
  }
}
