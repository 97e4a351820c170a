package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A product's subject matter expert. In JSON an object, or only the id.
 *
 * @param id the expert's user id
 * @param username the display name
 */
public record Expert(@JsonProperty(required = true) String id, @Nullable String username) {

  /** Returns an expert with an id alone. */
  @JsonCreator
  public static Expert of(String id) {
    return new Expert(id, null);
  }
}
