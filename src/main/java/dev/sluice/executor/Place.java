package dev.sluice.executor;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The names of one user's access to one source on the platform. They are found once and then kept
 * until the access is gone: a REVOKE must meet what the GRANT made, also when the names changed
 * since.
 *
 * @param kind the kind of the object, such as TABLE
 * @param path the object's name, from the outermost part to the innermost
 * @param role the role whose members have access; null if users get access directly
 * @param principal the user's name
 */
public record Place(String kind, List<String> path, @Nullable String role, String principal) {

  /** Copies the path. */
  public Place {
    path = List.copyOf(path);
  }

  /** Returns whether two places differ in nothing but the user. */
  public boolean hasSameObject(Place other) {
    return kind.equals(other.kind) && path.equals(other.path) && Objects.equals(role, other.role);
  }
}
