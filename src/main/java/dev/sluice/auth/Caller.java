package dev.sluice.auth;

import java.util.Set;

/**
 * Somebody who asks.
 *
 * @param name for the log, and for rates
 */
public record Caller(String name, Set<Role> roles) {

  /** Keeps its own copy. */
  public Caller {
    roles = Set.copyOf(roles);
  }

  /** Whether the caller may do what that role may. */
  public boolean may(Role role) {
    return roles.contains(role) || roles.contains(Role.ADMIN);
  }
}
