package dev.sluice.auth;

import java.util.Locale;
import java.util.Optional;

/** What somebody may do. */
public enum Role {
  /** Ask who has access to what. */
  READ,
  /** Write events. */
  PUBLISH,
  /** All of it. */
  ADMIN;

  /** The role of that name, in lower case as in files and tokens. */
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
