package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A product's subject matter expert. In JSON an object, or the id alone.
 *
 * @param id the person's user id
 * @param username what people call the person
 */
public record Expert(@JsonProperty(required = true) String id, @Nullable String username) {

  /** An expert of whom only the id is given. */
  @JsonCreator
  public static Expert of(String id) {
    return new Expert(id, null);
  }
}
