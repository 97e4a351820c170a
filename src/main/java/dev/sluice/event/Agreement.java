package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A data use agreement that requesters acknowledge. In JSON an object, or only its id.
 *
 * @param id the agreement's id
 * @param name the display name
 */
public record Agreement(@JsonProperty(required = true) String id, @Nullable String name) {

  /** Returns an agreement with an id alone. */
  @JsonCreator
  public static Agreement of(String id) {
    return new Agreement(id, null);
  }
}
