package dev.sluice.auth;

import java.util.Locale;
import java.util.Optional;

/** Permission of a caller. */
public enum Role {
  /** Query access. */
  READ,
  /** Write events about products and requests. */
  PUBLISH,
  /** Write events about users: who may do that can give a leaver all access again. */
  PUBLISH_USERS,
  /** All operations. */
  ADMIN;

  /** Returns the role with a name as in files and tokens, such as {@code publish-users}. */
  public static Optional<Role> named(String name) {
    for (var role : values()) {
      if (role.toString().equals(name)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
