package dev.sluice.auth;

import java.util.Set;

/**
 * An authenticated caller.
 *
 * @param name for the log, and for rate limits
 */
public record Caller(String name, Set<Role> roles) {

  /** Copies the roles. */
  public Caller {
    roles = Set.copyOf(roles);
  }

  /** Returns whether the caller has one of the roles. */
  public boolean mayAny(Set<Role> anyOf) {
    return anyOf.stream().anyMatch(this::may);
  }

  /** Returns whether the caller has the role. */
  public boolean may(Role role) {
    return roles.contains(role) || roles.contains(Role.ADMIN);
  }
}
