package dev.sluice.auth;

import java.util.Locale;
import java.util.Optional;

/** Permission of a caller. */
public enum Role {
  /** Query access. */
  READ,
  /** Write events. */
  PUBLISH,
  /** All operations. */
  ADMIN;

  /** Returns the role with a name in lower case, as in files and tokens. */
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
    return name().toLowerCase(Locale.ROOT);
  }
}
